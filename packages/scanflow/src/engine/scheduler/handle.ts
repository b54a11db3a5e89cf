import type { Usage } from "@scanflow/core";
import type { Scheduled } from "./evolve.ts";
import type { Answer, Input, Sink } from "./input.ts";
import { at } from "./instances.ts";
import { retryDelayMs } from "./retry.ts";
import { servicesOf } from "./services.ts";
import { settle } from "./settle.ts";
import { isTerminal, isUnderWay, type TaskState } from "./state.ts";
import { tokenOf } from "./token.ts";

/** Attempts lost in a row (the owner died each time) after which a task counts as failed. */
const MOST_LOST = 10;

export function handle(run: Scheduled, input: Input, sink: Sink): void {
  const { state } = run;
  const ended = state.status === "succeeded" || state.status === "failed" || state.status === "cancelled";
  if (ended && input.kind !== "retry") return;
  take(run, input, sink);
  settle(run, input.now, sink);
}

function take(run: Scheduled, input: Input, sink: Sink): void {
  switch (input.kind) {
    case "create": {
      const { kind: _, now: __, ...created } = input;
      return sink.emit({ event: "run-created", ...created });
    }
    case "resume":
      return resume(run, input, sink);
    case "cache-hit": {
      if (!isOpen(run, input.task)) return;
      const { task, key, hit } = input;
      const { from, outputs, result, metrics } = hit;
      return sink.emit({ event: "task-cached", task, key, from, outputs, result, metrics });
    }
    case "admitted":
      return admitted(run, input, sink);
    case "refused":
      if (!isOpen(run, input.task)) return;
      return sink.emit({
        event: "task-skipped",
        task: input.task,
        status: "failed",
        reason: "error",
        detail: input.message,
      });
    case "succeeded": {
      if (!isCurrent(run, input)) return;
      const { task, attempt, token, outputs, result, metrics, usage } = input;
      return sink.emit({ event: "attempt-succeeded", task, attempt, token, outputs, result, metrics, usage });
    }
    case "failed":
      return failed(run, input, sink);
    case "ended":
      return ended(run, input, sink);
    case "ready": {
      if (!isCurrent(run, input)) return;
      const { task, attempt, token, url } = input;
      if (stateOf(run, task).service?.url === url) return;
      return sink.emit({ event: "service-ready", task, attempt, token, url });
    }
    case "wake":
      run.state.tasks.forEach((task, instance) => {
        if (task.status === "pending" && task.retryAt !== null && task.retryAt <= input.now)
          run.open.push(instance);
      });
      return wakeLater(run, input.now, sink);
    case "pause":
      if (run.state.status === "running") sink.emit({ event: "run-paused" });
      return;
    case "continue":
      if (run.state.status !== "paused") return;
      sink.emit({ event: "run-continued" });
      reopen(run);
      return wakeLater(run, input.now, sink);
    case "cancel":
      return cancel(run, input.reason, sink);
    case "retry":
      return retry(run, input.tasks, sink);
    case "decide":
      return decide(run, input, sink);
  }
}

function isOpen(run: Scheduled, id: string): boolean {
  const instance = run.instances.find(id);
  if (instance === undefined || run.state.status !== "running") return false;
  return run.instances.state(instance).status === "pending" && at(run.instances.waiting, instance) === 0;
}

function stateOf(run: Scheduled, id: string): Readonly<TaskState> {
  return run.instances.state(run.instances.find(id) ?? -1);
}

function isCurrent(run: Scheduled, answer: Answer): boolean {
  const instance = run.instances.find(answer.task);
  if (instance === undefined) return false;
  const state = run.instances.state(instance);
  return isUnderWay(state) && state.attempts === answer.attempt && state.token === answer.token;
}

function admitted(run: Scheduled, input: Extract<Input, { kind: "admitted" }>, sink: Sink): void {
  if (!isOpen(run, input.task)) return;
  const instance = run.instances.find(input.task) ?? -1;
  const attempt = run.instances.state(instance).attempts + 1;
  const token = tokenOf({ owner: run.state.owner, run: run.state.run, instance, attempt });
  const { task, key, miss } = input;
  sink.emit({ event: "attempt-started", task, attempt, token, key, miss });
  sink.command({ kind: "start", task, attempt, token });
}

function failed(run: Scheduled, input: Extract<Input, { kind: "failed" }>, sink: Sink): void {
  if (!isCurrent(run, input)) return;
  const instance = run.instances.find(input.task) ?? -1;
  const state = run.instances.state(instance);
  const task = run.instances.task(instance);
  const { attempt, token, error, usage, outputs, result, metrics } = input;
  let retryAt: number | null = null;
  if ("retry" in task && run.state.status !== "cancelling") {
    if (error.code === "SCANFLOW_ATTEMPT_LOST") retryAt = state.lost < MOST_LOST ? input.now : null;
    else if (input.retryable && state.tries <= task.retry.limit) {
      retryAt = input.now + retryDelayMs(task.retry, state.tries, `${run.state.run}/${state.id}/${attempt}`);
    }
  }
  const gave = { ...(outputs && { outputs }), ...(result && { result }), ...(metrics && { metrics }) };
  sink.emit({ event: "attempt-failed", task: input.task, attempt, token, error, retryAt, usage, ...gave });
  if (retryAt !== null && retryAt > input.now) sink.command({ kind: "wake", at: retryAt });
}

/** A service ends so when it is not needed any more, or not for now. */
function ended(run: Scheduled, input: Extract<Input, { kind: "ended" }>, sink: Sink): void {
  if (!isCurrent(run, input)) return;
  const { task, attempt, token, usage = NOT_MEASURED, metrics = {} } = input;
  if (run.state.status === "cancelling" || stateOf(run, task).status !== "up") {
    return sink.emit({ event: "attempt-cancelled", task, attempt, token });
  }
  const again = run.instances.left > 0 || run.instances.plan.mode === "online";
  sink.emit({ event: "service-closed", task, attempt, token, again, metrics, usage });
}

const NOT_MEASURED: Usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

function resume(
  run: Scheduled,
  { owner, adopted = [], now }: Extract<Input, { kind: "resume" }>,
  sink: Sink,
): void {
  const underWay = run.state.tasks.filter(isUnderWay);
  sink.emit({ event: "run-resumed", owner });
  for (const { id, attempts, token, status } of underWay) {
    if (token === null) continue;
    if (adopted.includes(token)) {
      // It goes on under the token that it was started with.
      if (run.state.status === "cancelling") {
        sink.command({ kind: "stop", task: id, attempt: attempts, token });
      }
      continue;
    }
    const error = {
      code: "SCANFLOW_ATTEMPT_LOST",
      message: "The owner of the run ended while this attempt ran.",
    };
    const answer = { task: id, attempt: attempts, token };
    // A service that nothing needs any more is not started anew.
    const unneeded = run.instances.left === 0 && run.instances.plan.mode === "batch";
    const over = run.state.status === "cancelling" || (status === "up" && unneeded);
    if (over) take(run, { kind: "ended", now, ...answer }, sink);
    else take(run, { kind: "failed", now, ...answer, error, retryable: true, usage: NOT_MEASURED }, sink);
  }
  reopen(run);
  wakeLater(run, now, sink);
}

/** Asks to be woken for the next retry. A timer may be early: whoever wakes asks again. */
function wakeLater(run: Scheduled, now: number, sink: Sink): void {
  let next = Number.POSITIVE_INFINITY;
  for (const { status, retryAt } of run.state.tasks) {
    if (status === "pending" && retryAt !== null && retryAt > now) next = Math.min(next, retryAt);
  }
  if (next < Number.POSITIVE_INFINITY) sink.command({ kind: "wake", at: next });
}

function reopen(run: Scheduled): void {
  run.open.length = 0;
  run.state.tasks.forEach((task, instance) => {
    if (task.status === "pending" && at(run.instances.waiting, instance) === 0) run.open.push(instance);
  });
}

function cancel(run: Scheduled, reason: string, sink: Sink): void {
  if (run.state.status === "cancelling") return;
  sink.emit({ event: "run-cancelling", reason });
  for (const task of [...run.state.tasks]) {
    if (isUnderWay(task) && task.token !== null) {
      sink.command({ kind: "stop", task: task.id, attempt: task.attempts, token: task.token });
    } else if (task.status === "pending" || task.status === "waiting") {
      const detail = reason;
      sink.emit({ event: "task-skipped", task: task.id, status: "cancelled", reason: "cancelled", detail });
    }
  }
}

function retry(run: Scheduled, named: readonly string[] | null, sink: Sink): void {
  if (run.state.status === "cancelling") return;
  const again = new Set<string>();
  const unwell = (status: string) =>
    status === "failed" || status === "cancelled" || status === "upstream-failed";
  // In the order of the plan: what hangs on a map's items was made before them.
  const byTemplate = [...run.state.tasks.entries()].sort(([, a], [, b]) => a.template - b.template);
  for (const [instance, state] of byTemplate) {
    const behind = run.instances.task(instance).upstreams.some((edge) => {
      const upstream = run.instances.upstream(instance, edge.task);
      const own = upstream.kind === "one" ? [upstream.instance] : [...upstream.maps, ...upstream.instances];
      return own.some((one) => again.has(run.instances.state(one).id));
    });
    // A map that was opened stays open: its items are run again one by one.
    const nameable = isTerminal(state.status) && state.status !== "up" && state.items === null;
    const chosen = named === null ? unwell(state.status) : nameable && named.includes(state.id);
    if (chosen || (behind && (unwell(state.status) || state.status === "skipped"))) again.add(state.id);
  }
  for (const id of servicesBehind(run, again)) again.add(id);
  if (again.size > 0) sink.emit({ event: "run-retried", tasks: [...again] });
}

/** Services that ended with the run and that tasks which run again come after. */
function servicesBehind(run: Scheduled, again: ReadonlySet<string>): string[] {
  const { instances } = run;
  const needed = new Set<string>();
  for (const id of again) {
    for (const service of servicesOf(instances, instances.find(id) ?? -1)) {
      const { id, status } = instances.state(service);
      if (status === "succeeded") needed.add(id);
    }
  }
  return [...needed];
}

function decide(run: Scheduled, input: Extract<Input, { kind: "decide" }>, sink: Sink): void {
  const instance = run.instances.find(input.task);
  if (instance === undefined || run.instances.state(instance).status !== "waiting") return;
  const { task, approved, by, comment } = input;
  sink.emit({ event: "approval-decided", task, approved, by, comment });
}
