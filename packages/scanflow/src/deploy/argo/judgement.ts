import type { Guard, PlanEdge, PlanTask } from "@scanflow/core";
import { remembering } from "../remembering.ts";
import { contentOf } from "./content.ts";
import { all, any, atom, type Formula, never, not } from "./formula.ts";
import { badFor, behindFailureFor, failedFor, hasFailed, sightOf, toleratedFor } from "./outcome.ts";
import type { PlanIndex } from "./plan-index.ts";
import { isSure, mayBeSkipped } from "./sure.ts";

/**
 * What the skip rule (engine/scheduler/judge.ts) says of a task whose upstreams have all ended, in Argo's two steps:
 * where `starts` does not hold Argo omits it, which is our upstream-failed; where `runs` does not hold then, Argo skips it.
 */
export interface Judgement {
  readonly starts: Formula;
  readonly runs: Formula;
}

interface Need {
  /** There is a failure in the way. */
  readonly failure: Formula;
  /** It is met, given that no failure is in the way. */
  readonly met: Formula;
}

/**
 * A guard that was decided against skips the task, whatever failed. One that neither holds nor was decided against stands
 * behind a failure itself, so that nothing else need be said of what it hangs on.
 */
export const judgementOf = remembering(judged);

function judged(index: PlanIndex, task: PlanTask): Judgement {
  const guards = task.guards.filter((guard) => !isItsMap(task, guard) && !isAlwaysOpen(index, guard));
  const needs = [...inputNeeds(index, task), ...edgeNeeds(index, task, new Set(guards.flatMap(guardedBy)))];
  const holding = guards.map((guard) => holds(index, guard));
  const against = guards.map((guard) => isAgainst(index, guard));
  const opened = guards.flatMap((guard, position) =>
    guard.kind === "fallback" ? [] : (holding[position] ?? []),
  );
  return {
    starts: any(...against, all(...opened, ...needs.map(({ failure }) => not(failure)))),
    runs: all(...holding, ...needs.map(({ met }) => met)),
  };
}

/** There are items only of a map that was opened. */
function isItsMap(task: PlanTask, guard: Guard): boolean {
  return guard.kind === "entry" && task.maps.includes(guard.task);
}

/** A nested workflow that is never skipped is an upstream like any other. */
function isAlwaysOpen(index: PlanIndex, guard: Guard): boolean {
  return guard.kind === "entry" && !mayBeSkipped(index, guard.task);
}

/** What a guard waits for: its end is in the guard. */
function guardedBy(guard: Guard): readonly string[] {
  if (guard.kind === "fallback") return [];
  return [guard.kind === "branch" ? guard.choice : guard.task];
}

function inputNeeds(index: PlanIndex, task: PlanTask): readonly Need[] {
  const inputs = "inputs" in task ? Object.values(task.inputs) : [];
  return inputs.map((input) => {
    const { has, lacks } = contentOf(index, sightOf(task.id), input);
    const isOnly = input.kind === "output" && input.of.length === 1;
    const sure = isOnly && input.of.every((reference) => isSure(index, sightOf(task.id), reference));
    return { failure: lacks, met: sure ? all() : has };
  });
}

function edgeNeeds(index: PlanIndex, task: PlanTask, guarded: ReadonlySet<string>): readonly Need[] {
  const joins = new Map<string, Need[]>();
  const alone: Need[] = [];
  for (const edge of task.upstreams) {
    if ((edge.kind === "data" && "inputs" in task) || task.maps.includes(edge.task)) continue;
    if (edge.kind === "order" && edge.if === "succeeded" && guarded.has(edge.task)) continue;
    const need = edgeNeed(index, task.id, edge);
    if (edge.join === undefined) alone.push(need);
    else joins.set(edge.join, [...(joins.get(edge.join) ?? []), need]);
  }
  const joined = [...joins.values()].map((needs): Need => {
    const met = any(...needs.map((need) => all(need.met, not(need.failure))));
    return { failure: all(not(met), any(...needs.map(({ failure }) => failure))), met };
  });
  return [...alone, ...joined];
}

function edgeNeed(index: PlanIndex, viewer: string, { task: id, kind, if: condition }: PlanEdge): Need {
  if (condition === "finished") return { failure: never, met: all() };
  const sight = sightOf(viewer);
  if (condition === "failed") {
    const failed = any(failedFor(index, sight, id), toleratedFor(index, sight, id));
    return { failure: behindFailureFor(index, sight, id), met: failed };
  }
  const maps = index.mapsBetween(viewer, id);
  const failure = any(...[...maps, id].map((each) => badFor(index, sight, each)));
  if (kind === "order" || isSure(index, sight, { task: id })) return { failure, met: all() };
  if (index.isOne(viewer, id)) return { failure, met: atom(id, "succeeded") };
  const missed = [...maps, id].map((each) => any(atom(each, "skipped"), toleratedFor(index, sight, each)));
  return { failure, met: any(atom(id, "succeeded"), not(any(...missed))) };
}

function holds(index: PlanIndex, guard: Guard): Formula {
  if (guard.kind === "branch") return atom(guard.choice, `took:${guard.branch}`);
  if (guard.kind === "entry") return atom(guard.task, "succeeded");
  return all(...guard.failed.map((id) => hasFailed(index, id)));
}

/** That it was decided so, and is not for a failure that the guard does not hold. */
function isAgainst(index: PlanIndex, guard: Guard): Formula {
  if (guard.kind === "branch") return atom(guard.choice, `passed:${guard.branch}`);
  if (guard.kind === "entry") return atom(guard.task, "skipped");
  return not(holds(index, guard));
}
