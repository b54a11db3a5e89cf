import type { RunEvent, SkipReason } from "@scanflow/core";
import { at, Instances } from "./instances.ts";
import { isTerminal, newTaskState, type RunState, type TaskState } from "./state.ts";

/** A run as the scheduler holds it: the state, and the links that follow from it. */
export interface Scheduled {
  readonly state: RunState;
  instances: Instances;
  /** Instances whose upstreams have all ended since this was last emptied. */
  readonly open: number[];
}

/**
 * Takes one event into the state. It decides nothing: every decision is an event of its own, so that replaying a
 * run's events gives the same state again.
 */
export function evolve(run: Scheduled, event: RunEvent): void {
  switch (event.event) {
    case "run-created": {
      const { event: _, seq: __, run: ___, time: ____, ...created } = event;
      run.state.created = created;
      run.state.owner = event.owner;
      return;
    }
    case "run-resumed":
      run.state.owner = event.owner;
      return;
    case "run-paused":
      run.state.status = "paused";
      return;
    case "run-continued":
      run.state.status = "running";
      return;
    case "run-cancelling":
      run.state.status = "cancelling";
      return;
    case "run-retried":
      return retried(run, event.tasks);
    case "run-finished":
      run.state.status = event.status;
      return;
    default:
      return evolveTask(run, event);
  }
}

type TaskEvent = Extract<RunEvent, { task: string }>;

function evolveTask(run: Scheduled, event: TaskEvent): void {
  const instance = run.instances.find(event.task);
  if (instance === undefined) throw new Error(`event ${event.seq} names the unknown task "${event.task}"`);
  const task = run.instances.state(instance);
  switch (event.event) {
    case "task-expanded": {
      task.items = event.items;
      task.status = "succeeded";
      task.startedAt = task.endedAt = event.time;
      const made = run.instances.expand(instance, event.items.length);
      for (const inner of made) if (run.instances.waiting[inner] === 0) run.open.push(inner);
      return ended(run, instance);
    }
    case "branch-taken":
      task.branch = event.branch;
      return end(run, instance, "succeeded", event.time);
    case "task-opened":
      return end(run, instance, "succeeded", event.time);
    case "task-skipped":
      task.reason = event.reason;
      if (event.status === "failed") task.error = { code: "SCANFLOW_TASK_INVALID", message: event.detail };
      return end(run, instance, event.status, event.time);
    case "task-cached":
      task.cached = true;
      task.outputs = event.outputs;
      task.result = event.result;
      task.metrics = event.metrics;
      return end(run, instance, "succeeded", event.time);
    case "attempt-started":
      task.status = "running";
      if (run.instances.task(instance).kind === "service") task.service = { key: event.key ?? "", url: null };
      task.attempts = event.attempt;
      task.tries += 1;
      task.token = event.token;
      task.retryAt = null;
      task.startedAt ??= event.time;
      task.attemptAt = event.time;
      return;
    case "attempt-succeeded":
      attemptEnded(task, event.time);
      task.token = null;
      task.lost = 0;
      task.error = null;
      task.outputs = event.outputs;
      task.result = event.result;
      task.metrics = event.metrics;
      return end(run, instance, "succeeded", event.time);
    case "attempt-failed":
      return attemptFailed(run, instance, event);
    case "attempt-cancelled":
      attemptEnded(task, event.time);
      task.token = null;
      task.reason = "cancelled" satisfies SkipReason;
      return end(run, instance, "cancelled", event.time);
    case "service-ready":
      task.service = { key: task.service?.key ?? "", url: event.url };
      if (task.status === "up") return;
      task.status = "up";
      task.lost = 0;
      task.error = null;
      return ended(run, instance);
    case "service-closed":
      attemptEnded(task, event.time);
      task.token = null;
      task.metrics = event.metrics;
      if (!event.again) return end(run, instance, "succeeded", event.time);
      task.tries -= 1;
      return startAnew(run, instance, null);
    case "approval-requested":
      task.status = "waiting";
      task.startedAt = event.time;
      return;
    case "approval-decided":
      task.result = { approved: event.approved, by: event.by, comment: event.comment };
      if (!event.approved) {
        const message = `${event.by} said no${event.comment === "" ? "" : `: ${event.comment}`}`;
        task.error = { code: "SCANFLOW_APPROVAL_REJECTED", message };
      }
      return end(run, instance, event.approved ? "succeeded" : "failed", event.time);
  }
}

function attemptFailed(
  run: Scheduled,
  instance: number,
  event: Extract<RunEvent, { event: "attempt-failed" }>,
): void {
  const task = run.instances.state(instance);
  const wasUp = task.status === "up";
  task.token = null;
  task.error = event.error;
  task.outputs = event.outputs ?? {};
  task.result = event.result ?? {};
  task.metrics = event.metrics ?? {};
  if (event.error.code === "SCANFLOW_ATTEMPT_LOST") {
    // When it ended is not known: its owner was gone.
    task.attemptAt = null;
    task.lost += 1;
    task.tries -= 1;
  } else {
    attemptEnded(task, event.time);
    task.lost = 0;
  }
  if (event.retryAt !== null) return startAnew(run, instance, event.retryAt);
  end(run, instance, "failed", event.time);
  // What was let go on because the service was up, and has not started, is judged once more.
  if (wasUp) linkAnew(run);
}

/** The task waits for another attempt; what hangs on a service that was up, and has not started, waits with it. */
function startAnew(run: Scheduled, instance: number, retryAt: number | null): void {
  const task = run.instances.state(instance);
  const wasUp = task.status === "up";
  if (task.service) task.service = { ...task.service, url: null };
  task.status = "pending";
  task.retryAt = retryAt;
  if (wasUp) linkAnew(run);
  else run.open.push(instance);
}

function attemptEnded(task: TaskState, time: number): void {
  if (task.attemptAt !== null) task.ranMs += time - task.attemptAt;
  task.attemptAt = null;
}

function end(run: Scheduled, instance: number, status: TaskState["status"], time: number): void {
  const task = run.instances.state(instance);
  const counted = isTerminal(task.status);
  task.status = status;
  task.retryAt = null;
  task.startedAt ??= time;
  task.endedAt = time;
  if (task.service) task.service = { ...task.service, url: null };
  if (!counted) ended(run, instance);
}

function ended(run: Scheduled, instance: number): void {
  const { downstream, waiting } = run.instances;
  run.instances.left -= 1;
  for (const next of at(downstream, instance)) {
    const left = at(waiting, next) - 1;
    waiting[next] = left;
    if (left === 0 && run.instances.state(next).status === "pending") run.open.push(next);
  }
  downstream[instance] = [];
}

function retried(run: Scheduled, ids: readonly string[]): void {
  for (const id of ids) {
    const instance = run.instances.find(id);
    if (instance === undefined) continue;
    const state = run.instances.state(instance);
    const { template, index, attempts, items } = state;
    Object.assign(state, newTaskState(id, template, index), { attempts, items });
  }
  if (run.state.status !== "paused") run.state.status = "running";
  linkAnew(run);
}

/** Links follow from what has ended: where something that had ended has not any more, they are made once more. */
function linkAnew(run: Scheduled): void {
  run.instances = new Instances(run.instances.plan, run.state.tasks);
  run.open.length = 0;
  run.state.tasks.forEach((task, instance) => {
    if (!isTerminal(task.status) && run.instances.waiting[instance] === 0) run.open.push(instance);
  });
}
