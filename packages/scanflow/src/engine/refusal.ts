import type { Plan, RunCreated } from "@scanflow/core";
import { dataOfPlan, formatDataName, ScanflowError } from "@scanflow/core";
import type { Runner } from "../runners/runner.ts";

/**
 * Refuses, before anything starts, what is valid but cannot be run here. Errors: SCANFLOW_NOT_RUNNABLE, and the
 * runner's own.
 */
export function refuseUnrunnable(plan: Plan, runner: Runner, data: RunCreated["data"] = {}): void {
  const left = dataOfPlan(plan)
    .map(formatDataName)
    .filter((name) => !Object.hasOwn(data, name));
  if (left.length > 0) {
    throw new ScanflowError(
      "SCANFLOW_NOT_RUNNABLE",
      `Workflow "${plan.workflow}" reads data that nobody looked up: ${left.join(", ")}. Start the run with "scanflow run", which does.`,
    );
  }
  if (plan.mode === "online" && !plan.tasks.some(({ kind }) => kind === "service")) {
    throw new ScanflowError(
      "SCANFLOW_NOT_RUNNABLE",
      `Workflow "${plan.workflow}" is online and has no service that could stay up. Give it one, or make it a batch workflow.`,
    );
  }
  for (const task of plan.tasks) {
    if (task.kind === "labeling") {
      throw new ScanflowError(
        "SCANFLOW_NOT_RUNNABLE",
        `Node "${task.id}" is of kind ${task.kind}, which can be defined but not run yet. Take it out of "${plan.workflow}", or run another workflow.`,
      );
    }
    if (!("run" in task)) continue;
    const { id, run: command, environment, service } = task;
    runner.check({ task: id, command, environment, ...(service && { service }) });
  }
}
