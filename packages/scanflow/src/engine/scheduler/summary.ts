import type { TaskSummary } from "@scanflow/core";
import type { Scheduled } from "./evolve.ts";
import { isWork } from "./state.ts";

/** Every task that does work or waits for a person, in order of creation. */
export function summarize(run: Scheduled): TaskSummary[] {
  const rows: TaskSummary[] = [];
  run.state.tasks.forEach((state, instance) => {
    const { kind } = run.instances.task(instance);
    if (!isWork(kind) && kind !== "approval" && kind !== "labeling") return;
    rows.push({
      name: state.id,
      status: state.status,
      cached: state.cached,
      attempts: state.attempts,
      durationMs: state.ranMs,
    });
  });
  return rows;
}
