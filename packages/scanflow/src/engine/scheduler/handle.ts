import type { CacheMiss, EventBody, JsonObject, JsonValue, PlanTask, Usage } from "@scanflow/core";
import { errorCode, ScanflowError } from "@scanflow/core";
import type { Scheduled } from "./evolve.ts";
import { at } from "./instances.ts";
import { judge, tolerates } from "./judge.ts";
import { retryDelayMs } from "./retry.ts";
import { evaluateFor, valueFor } from "./scope.ts";
import { isWork } from "./state.ts";
import { summarize } from "./summary.ts";

/** What reaches the scheduler from outside, each with the time by the owner's clock. */
export type Input = { readonly now: number } & (
  | ({ readonly kind: "create" } & Omit<Extract<EventBody, { event: "run-created" }>, "event">)
  /** A new owner took the stored run up. */
  | { readonly kind: "resume"; readonly owner: string }
  | { readonly kind: "cache-hit"; readonly task: string; readonly key: string; readonly hit: CacheHit }
  /** The task may take its resources: start it. */
  | {
      readonly kind: "admitted";
      readonly task: string;
      readonly key: string | null;
      readonly miss: CacheMiss;
    }
  /** It cannot start (impossible resources, an input that cannot be read). */
  | { readonly kind: "refused"; readonly task: string; readonly message: string }
  | ({ readonly kind: "succeeded"; readonly usage: Usage } & Answer & Values)
  | ({
      readonly kind: "failed";
      readonly usage: Usage;
      readonly error: CodedError;
      readonly retryable: boolean;
    } & Answer)
  | ({ readonly kind: "ended" } & Answer)
  | { readonly kind: "wake" }
  | { readonly kind: "pause" }
  | { readonly kind: "continue" }
  | { readonly kind: "cancel"; readonly reason: string }
  /** Failed tasks (all, or those named) and what hangs on them are to run again. */
  | { readonly kind: "retry"; readonly tasks: readonly string[] | null }
  | {
      readonly kind: "decide";
      readonly task: string;
      readonly approved: boolean;
      readonly by: string;
      readonly comment: string;
    }
);

interface Answer {
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
}

interface Values {
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: JsonObject;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface CacheHit extends Values {
  readonly from: { readonly run: string; readonly task: string; readonly attempt: number };
}

interface CodedError {
  readonly code: string;
  readonly message: string;
}

/** What the shell is asked to do once the events are stored. */
export type Command =
  /** The task can start: look into the cache, then ask for its resources. */
  | { readonly kind: "open"; readonly task: string }
  | { readonly kind: "start"; readonly task: string; readonly attempt: number; readonly token: string }
  | { readonly kind: "stop"; readonly task: string; readonly attempt: number; readonly token: string }
  | { readonly kind: "wake"; readonly at: number }
  | { readonly kind: "finished" };

export interface Sink {
  emit(body: EventBody): void;
  command(command: Command): void;
}

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
      return resume(run, input.owner, input.now, sink);
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
    case "ended": {
      if (!isCurrent(run, input)) return;
      const { task, attempt, token } = input;
      return sink.emit({ event: "attempt-cancelled", task, attempt, token });
    }
    case "wake":
      run.state.tasks.forEach((task, instance) => {
        if (task.status === "pending" && task.retryAt !== null && task.retryAt <= input.now)
          run.open.push(instance);
      });
      return;
    case "pause":
      if (run.state.status === "running") sink.emit({ event: "run-paused" });
      return;
    case "continue":
      if (run.state.status !== "paused") return;
      sink.emit({ event: "run-continued" });
      return reopen(run);
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

function isCurrent(run: Scheduled, answer: Answer): boolean {
  const instance = run.instances.find(answer.task);
  if (instance === undefined) return false;
  const state = run.instances.state(instance);
  return state.status === "running" && state.attempts === answer.attempt && state.token === answer.token;
}

function admitted(run: Scheduled, input: Extract<Input, { kind: "admitted" }>, sink: Sink): void {
  if (!isOpen(run, input.task)) return;
  const instance = run.instances.find(input.task) ?? -1;
  const attempt = run.instances.state(instance).attempts + 1;
  const token = `${run.state.owner}-${instance}-${attempt}`;
  const { task, key, miss } = input;
  sink.emit({ event: "attempt-started", task, attempt, token, key, miss });
  sink.command({ kind: "start", task, attempt, token });
}

function failed(run: Scheduled, input: Extract<Input, { kind: "failed" }>, sink: Sink): void {
  if (!isCurrent(run, input)) return;
  const instance = run.instances.find(input.task) ?? -1;
  const state = run.instances.state(instance);
  const task = run.instances.task(instance);
  const { attempt, token, error, usage } = input;
  let retryAt: number | null = null;
  if ("retry" in task && run.state.status !== "cancelling") {
    if (error.code === "SCANFLOW_ATTEMPT_LOST") retryAt = state.lost < MOST_LOST ? input.now : null;
    else if (input.retryable && state.tries <= task.retry.limit) {
      retryAt = input.now + retryDelayMs(task.retry, state.tries, `${run.state.run}/${state.id}/${attempt}`);
    }
  }
  sink.emit({ event: "attempt-failed", task: input.task, attempt, token, error, retryAt, usage });
  if (retryAt !== null && retryAt > input.now) sink.command({ kind: "wake", at: retryAt });
}

const NOT_MEASURED: Usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

function resume(run: Scheduled, owner: string, now: number, sink: Sink): void {
  const running = run.state.tasks.filter((task) => task.status === "running");
  sink.emit({ event: "run-resumed", owner });
  for (const { id, attempts, token } of running) {
    if (token === null) continue;
    const error = {
      code: "SCANFLOW_ATTEMPT_LOST",
      message: "The owner of the run ended while this attempt ran.",
    };
    const answer = { task: id, attempt: attempts, token };
    if (run.state.status === "cancelling") take(run, { kind: "ended", now, ...answer }, sink);
    else take(run, { kind: "failed", now, ...answer, error, retryable: true, usage: NOT_MEASURED }, sink);
  }
  reopen(run);
  for (const task of run.state.tasks) {
    if (task.status === "pending" && task.retryAt !== null && task.retryAt > now) {
      sink.command({ kind: "wake", at: task.retryAt });
    }
  }
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
    if (task.status === "running" && task.token !== null) {
      sink.command({ kind: "stop", task: task.id, attempt: task.attempts, token: task.token });
    } else if (task.status === "pending" || task.status === "waiting") {
      const detail = reason;
      sink.emit({ event: "task-skipped", task: task.id, status: "cancelled", reason: "cancelled", detail });
    }
  }
}

function retry(run: Scheduled, named: readonly string[] | null, sink: Sink): void {
  const again = new Set<string>();
  const unwell = (status: string) =>
    status === "failed" || status === "cancelled" || status === "upstream-failed";
  run.state.tasks.forEach((state, instance) => {
    const behind = run.instances.task(instance).upstreams.some((edge) => {
      const upstream = run.instances.upstream(instance, edge.task);
      const own = upstream.kind === "one" ? [upstream.instance] : [...upstream.maps, ...upstream.instances];
      return own.some((one) => again.has(run.instances.state(one).id));
    });
    const chosen = named === null ? unwell(state.status) : named.includes(state.id);
    if (chosen || (behind && (unwell(state.status) || state.status === "skipped"))) again.add(state.id);
  });
  if (again.size > 0) sink.emit({ event: "run-retried", tasks: [...again] });
}

function decide(run: Scheduled, input: Extract<Input, { kind: "decide" }>, sink: Sink): void {
  const instance = run.instances.find(input.task);
  if (instance === undefined || run.instances.state(instance).status !== "waiting") return;
  const { task, approved, by, comment } = input;
  sink.emit({ event: "approval-decided", task, approved, by, comment });
}

/** Decides all that needs nobody: skips, branches, maps, openings; then whether the run has ended. */
function settle(run: Scheduled, now: number, sink: Sink): void {
  for (let next = 0; next < run.open.length; next++) {
    const instance = at(run.open, next);
    const state = run.instances.state(instance);
    if (state.status !== "pending") continue;
    if (run.state.status === "cancelling") {
      const detail = "the run is being cancelled";
      sink.emit({ event: "task-skipped", task: state.id, status: "cancelled", reason: "cancelled", detail });
      continue;
    }
    if (state.retryAt !== null && state.retryAt > now) continue;
    if (run.state.status === "running") settleOne(run, instance, sink);
  }
  run.open.length = 0;
  if (run.state.status !== "paused" && run.instances.left === 0) finish(run, sink);
}

function settleOne(run: Scheduled, instance: number, sink: Sink): void {
  const state = run.instances.state(instance);
  const task = run.instances.task(instance);
  const verdict = judge(run.instances, instance);
  if (verdict.kind === "stop") {
    const { status, reason, detail } = verdict;
    return sink.emit({ event: "task-skipped", task: state.id, status, reason, detail });
  }
  try {
    if (
      task.when !== null &&
      state.tries === 0 &&
      state.lost === 0 &&
      evaluateFor(run, instance, task.when) !== true
    ) {
      const detail = "its condition does not hold";
      return sink.emit({
        event: "task-skipped",
        task: state.id,
        status: "skipped",
        reason: "condition",
        detail,
      });
    }
    openTask(run, instance, task, sink);
  } catch (error) {
    if (errorCode(error) === undefined || !(error instanceof Error)) throw error;
    const detail = error.message;
    sink.emit({ event: "task-skipped", task: state.id, status: "failed", reason: "error", detail });
  }
}

function openTask(run: Scheduled, instance: number, task: PlanTask, sink: Sink): void {
  const { id } = run.instances.state(instance);
  if (isWork(task.kind)) return sink.command({ kind: "open", task: id });
  switch (task.kind) {
    case "entry":
      return sink.emit({ event: "task-opened", task: id });
    case "map":
      return sink.emit({
        event: "task-expanded",
        task: id,
        items: itemsOf(valueFor(run, instance, task.over), id),
      });
    case "choice": {
      const taken = task.branches.findIndex(
        ({ when }) => when === null || evaluateFor(run, instance, when) === true,
      );
      return sink.emit({ event: "branch-taken", task: id, branch: taken < 0 ? null : taken });
    }
    case "approval":
      return sink.emit({ event: "approval-requested", task: id, message: task.message });
  }
}

function itemsOf(value: JsonValue, task: string): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  throw new ScanflowError(
    "SCANFLOW_MAP_NOT_A_LIST",
    `The map of "${task}" needs a list and got ${JSON.stringify(value).slice(0, 80)}. Let its upstream write a list into its result.`,
  );
}

function finish(run: Scheduled, sink: Sink): void {
  const bad = run.state.tasks.some((task, instance) => {
    return task.status === "failed" && !tolerates(run.instances.task(instance));
  });
  const cancelled = run.state.status === "cancelling";
  const status = cancelled ? "cancelled" : bad ? "failed" : "succeeded";
  sink.emit({ event: "run-finished", status, tasks: summarize(run) });
  sink.command({ kind: "finished" });
}
