import type { TaskStatus } from "@scanflow/core";
import type { TaskEnd } from "../gateway.ts";
import type { RunStanding } from "../runner.ts";

const ended: readonly TaskStatus[] = ["succeeded", "failed", "skipped", "cancelled", "upstream-failed"];

/**
 * The tasks of a plan of which there is nothing more to do: all their instances have ended, and no map around them is
 * yet to be opened.
 */
export function taskEnds({ plan, tasks }: RunStanding): TaskEnd[] {
  const instances = Map.groupBy(tasks, ({ template }) => plan.tasks[template]?.id ?? "");
  const isOver = (id: string) => (instances.get(id) ?? []).every(({ status }) => ended.includes(status));
  return plan.tasks.flatMap((task) => {
    const works = task.kind === "executor" || task.kind === "checker" || task.kind === "service";
    if (!works || !isOver(task.id) || !task.maps.every(isOver)) return [];
    return [{ task: task.id, status: worst((instances.get(task.id) ?? []).map(({ status }) => status)) }];
  });
}

/** Of several instances; none at all is a map without items, or one that was skipped. */
function worst(statuses: readonly TaskStatus[]): TaskEnd["status"] {
  if (statuses.includes("failed")) return "failed";
  if (statuses.includes("cancelled")) return "cancelled";
  return statuses.includes("succeeded") ? "succeeded" : "skipped";
}
