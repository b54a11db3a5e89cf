import type { PlanTask } from "@scanflow/core";
import { remembering } from "../remembering.ts";
import { isOptional } from "./content.ts";
import { isSparedFor, type Sight, sightOf } from "./outcome.ts";
import { allowsFailure, type PlanIndex } from "./plan-index.ts";

interface Reference {
  readonly task: string;
  readonly output?: string;
}

/**
 * Whether a viewer finds what a task makes wherever no failure is in its way: the task is never skipped, may not fail, and
 * leaves nothing unwritten. Most tasks are such, and need no condition.
 */
export function isSure(index: PlanIndex, sight: Sight, { task: id, output }: Reference): boolean {
  const between = [...index.mapsBetween(sight.from, id), id];
  if (between.some((each) => mayBeSkipped(index, each))) return false;
  const task = index.task(id);
  if (allowsFailure(task) || isSparedFor(index, sight, id) || task.spared !== undefined) return false;
  if (task.kind === "choice") return output === undefined;
  return output === undefined || !isOptional(index, id, output);
}

/** Whether a task can be skipped at all. */
export const mayBeSkipped = remembering((index: PlanIndex, id: string): boolean => {
  return isSkippable(index, index.task(id));
});

function isSkippable(index: PlanIndex, task: PlanTask): boolean {
  if (task.when !== null) return true;
  const byGuard = task.guards.some((guard) => {
    if (guard.kind !== "entry") return true;
    return !task.maps.includes(guard.task) && mayBeSkipped(index, guard.task);
  });
  if (byGuard) return true;
  const inputs = "inputs" in task ? Object.values(task.inputs) : [];
  const byInput = inputs.some((input) => {
    if (input.kind !== "output" || input.fallback !== undefined) return false;
    return !input.of.some((reference) => isSure(index, sightOf(task.id), reference));
  });
  if (byInput) return true;
  return task.upstreams.some((edge) => {
    if (edge.if === "failed") return true;
    if (edge.if === "finished" || edge.kind === "order" || task.maps.includes(edge.task)) return false;
    return (
      !(edge.kind === "data" && "inputs" in task) && !isSure(index, sightOf(task.id), { task: edge.task })
    );
  });
}
