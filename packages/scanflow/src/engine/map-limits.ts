import type { MapTask, Plan, WorkTask } from "@scanflow/core";
import type { Limit } from "./allocator.ts";

/** The limits that the maps round a task instance set: so many tasks of one opened map at once. */
export function mapLimits(plan: Plan, work: WorkTask, place: { run: string; task: string }): Limit[] {
  return work.maps.flatMap((id) => {
    const map = plan.tasks.find((one): one is MapTask => one.id === id && one.kind === "map");
    if (!map?.concurrency) return [];
    // `train[2]/fit[0]` inside the map `train[*]/fit` belongs to the opened map `train[2]/fit`.
    const outer = id.split("[*]").length - 1;
    const opened = place.task
      .split("[")
      .slice(0, outer + 1)
      .join("[");
    return [{ name: `${place.run} ${id} ${opened}`, most: map.concurrency }];
  });
}
