import type { JsonValue, PlanTask } from "@scanflow/core";
import { errorCode, ScanflowError } from "@scanflow/core";
import type { Scheduled } from "./evolve.ts";
import type { Sink } from "./input.ts";
import { at } from "./instances.ts";
import { judge } from "./judge.ts";
import { isForgiven } from "./outcome.ts";
import { evaluateFor, valueFor } from "./scope.ts";
import { isWork } from "./state.ts";
import { summarize } from "./summary.ts";

/** Decides all that needs nobody: skips, branches, maps, openings; then whether the run has ended. */
export function settle(run: Scheduled, now: number, sink: Sink): void {
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
  const services = closeServices(run, sink);
  if (run.state.status !== "paused" && run.instances.left === 0 && services === 0) finish(run, sink);
}

/**
 * Ends the services when no task is left that could ask them, or none for now; tells how many are still up. Those of an
 * online workflow stay until somebody pauses or cancels the run.
 */
function closeServices(run: Scheduled, sink: Sink): number {
  const { state, instances } = run;
  const over = instances.left === 0;
  if (!over && state.status !== "paused") return 0;
  const up = instances.services
    .map((service) => instances.state(service))
    .filter(({ status }) => status === "up");
  if (!over && state.tasks.some(({ status }) => status === "running")) return up.length;
  if (instances.plan.mode === "online" && state.status === "running") return up.length;
  for (const { id, attempts, token } of up) {
    if (token !== null) sink.command({ kind: "stop", task: id, attempt: attempts, token });
  }
  return up.length;
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
    return task.status === "failed" && !isForgiven(run.instances, instance);
  });
  const cancelled = run.state.status === "cancelling";
  const status = cancelled ? "cancelled" : bad ? "failed" : "succeeded";
  sink.emit({ event: "run-finished", status, tasks: summarize(run) });
  sink.command({ kind: "finished" });
}
