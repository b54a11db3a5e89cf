import type { ChoiceTask } from "@scanflow/core";
import { all, any, atom, type Formula, never, not } from "./formula.ts";
import { allowsFailure, type PlanIndex } from "./plan-index.ts";

// The same words as in engine/scheduler/outcome.ts, of which this is the static half.

/** Who looks at others: whose failures it counts, and as whose neighbours it finds them (a choice's, on the way). */
export interface Sight {
  readonly viewer: string;
  readonly from: string;
}

export function sightOf(id: string): Sight {
  return { viewer: id, from: id };
}

/** That a task stops what hangs on it, as a viewer sees it: it failed where it may not. */
export function failedFor(index: PlanIndex, sight: Sight, id: string): Formula {
  const task = index.task(id);
  if (allowsFailure(task)) return never;
  return isSparedFor(index, sight, id) ? never : atom(id, "failed");
}

/** That a task stops what hangs on it, since it stands behind a failure itself. */
export function behindFailureFor(index: PlanIndex, sight: Sight, id: string): Formula {
  const { spared } = index.task(id);
  const behind = atom(id, "upstream-failed");
  if (spared === undefined || !isSparedFor(index, sight, id) || !isKnownTo(index, sight, spared))
    return behind;
  return all(behind, not(partsFailed(index, spared)));
}

export function badFor(index: PlanIndex, sight: Sight, id: string): Formula {
  return any(failedFor(index, sight, id), behindFailureFor(index, sight, id));
}

/** That it failed, and nothing is stopped by that. */
export function toleratedFor(index: PlanIndex, sight: Sight, id: string): Formula {
  const task = index.task(id);
  const spared = isSparedFor(index, sight, id);
  const failed = allowsFailure(task) || spared ? atom(id, "failed") : never;
  const behind =
    spared && task.spared !== undefined && isKnownTo(index, sight, task.spared)
      ? all(atom(id, "upstream-failed"), partsFailed(index, task.spared))
      : never;
  const told = task.spared !== undefined && !index.isOne(sight.from, task.spared);
  return any(failed, behind, told ? atom(id, "tolerated") : never);
}

/** Whether the task is in a target whose place another one takes, and the viewer outside; told within a map by its state. */
export function isSparedFor(index: PlanIndex, { viewer, from }: Sight, id: string): boolean {
  const { spared } = index.task(id);
  if (spared === undefined || index.isWithin(viewer, spared)) return false;
  return index.isOne(from, spared);
}

/** Whether all of a target can be seen: from within one of its items it cannot. */
function isKnownTo(index: PlanIndex, { viewer, from }: Sight, target: string): boolean {
  return viewer === from || index.task(target).maps.length === index.task(from).maps.length;
}

/** A task that a node stands for, and when it does. */
interface Part {
  readonly id: string;
  readonly counts: Formula;
  /** The node that sees whether it is tolerated; null: it counts even so. */
  readonly viewer: string | null;
}

/** What a node stands for: all of a nested workflow or map, and of a choice what it chose. */
export function partsOf(index: PlanIndex, node: string): readonly Part[] {
  const task = index.task(node);
  const own: Part = { id: node, counts: all(), viewer: null };
  if (task.kind === "choice") return [own, ...chosenParts(index, task)];
  if (task.kind !== "entry" && task.kind !== "map") return [own];
  const inner = index.inside(node).map(({ id }): Part => {
    return { id, counts: all(), viewer: id === `${node}[*]` ? null : node };
  });
  return [own, ...inner];
}

function chosenParts(index: PlanIndex, choice: ChoiceTask): readonly Part[] {
  return choice.branches.flatMap(({ targets }, branch) =>
    targets.flatMap((target, position) => {
      const later = targets.slice(position + 1).map((next) => atom(next, "skipped"));
      const spared = index.task(target).spared === target;
      const counts = all(atom(choice.id, `took:${branch}`), ...(spared ? later : []));
      return partsOf(index, target).map((part) => ({ ...part, counts: all(counts, part.counts) }));
    }),
  );
}

/** That some part of a node failed. */
export function partsFailed(index: PlanIndex, node: string): Formula {
  return any(...partsOf(index, node).map((part) => all(part.counts, failedPart(index, part))));
}

/** That some part of a node stands behind a failure. */
export function partsBehindFailure(index: PlanIndex, node: string): Formula {
  return any(
    ...partsOf(index, node).map(({ id, counts, viewer }) => {
      return all(
        counts,
        viewer === null ? atom(id, "upstream-failed") : behindFailureFor(index, sightOf(viewer), id),
      );
    }),
  );
}

function failedPart(index: PlanIndex, { id, viewer }: Part): Formula {
  return viewer === null ? atom(id, "failed") : failedFor(index, sightOf(viewer), id);
}

/** That a node did not do its work: a part of it failed, or could not start behind a failure. */
export function hasFailed(index: PlanIndex, node: string): Formula {
  return any(partsFailed(index, node), partsBehindFailure(index, node));
}

/** That a failure of a task fails the run: it is not allowed, and no other target took its place. */
export function failsRun(index: PlanIndex, id: string): Formula {
  const task = index.task(id);
  if (allowsFailure(task)) return never;
  const failed = atom(id, "failed");
  return task.spared === undefined ? failed : all(failed, not(isReplaced(index, task.spared)));
}

function isReplaced(index: PlanIndex, target: string): Formula {
  return any(
    ...index.task(target).guards.flatMap((guard) => {
      if (guard.kind !== "branch") return [];
      const choice = index.task(guard.choice);
      const targets = choice.kind === "choice" ? (choice.branches[guard.branch]?.targets ?? []) : [];
      return targets.slice(targets.indexOf(target) + 1).map((later) => not(atom(later, "skipped")));
    }),
  );
}
