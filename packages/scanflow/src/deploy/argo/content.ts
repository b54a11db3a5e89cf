import type { PlanInput } from "@scanflow/core";
import { all, always, any, atom, type Formula, never, not } from "./formula.ts";
import { badFor, partsFailed, type Sight, toleratedFor } from "./outcome.ts";
import type { PlanIndex } from "./plan-index.ts";

/** Whether an input has content. Where neither holds, its task is skipped. */
export interface Content {
  readonly has: Formula;
  /** There is none, for a failure that is not allowed. */
  readonly lacks: Formula;
}

const there: Content = { has: always, lacks: never };

/** The first of the alternatives that was produced, else a file or data. */
export function contentOf(index: PlanIndex, sight: Sight, input: PlanInput): Content {
  if (input.kind !== "output") return there;
  const options = input.of.map((reference) => referenced(index, sight, reference));
  if (input.fallback !== undefined) return there;
  const [only] = options;
  if (only && options.length === 1) return only;
  const has = any(...options.map((option) => option.has));
  return { has, lacks: all(not(has), any(...options.map((option) => option.lacks))) };
}

interface OutputReference {
  readonly task: string;
  readonly output: string;
}

/** What a task's output holds; of all items together when the task is in a map that the viewer is not in. */
export function referenced(index: PlanIndex, sight: Sight, { task: id, output }: OutputReference): Content {
  const task = index.task(id);
  if (index.isOne(sight.from, id)) {
    const lacks = badFor(index, sight, id);
    if (task.kind !== "choice") return { has: wrote(index, id, output), lacks };
    return throughChoice(index, sight, { task: id, output });
  }
  const maps = index.mapsBetween(sight.from, id);
  const badMaps = maps.map((map) => badFor(index, sight, map));
  const isChoice = task.kind === "choice";
  const fact = `${sight.viewer}:${output}` as const;
  const some = isChoice ? atom(id, `has:${fact}`) : wrote(index, id, output);
  const lacks = any(...badMaps, isChoice ? itemsLack(index, sight, { id, fact }) : badFor(index, sight, id));
  const missed = any(
    ...maps.flatMap((map) => [atom(map, "skipped"), toleratedFor(index, sight, map)]),
    atom(id, "skipped"),
    toleratedFor(index, sight, id),
    isChoice || isOptional(index, id, output) ? atom(id, "succeeded") : never,
  );
  return { has: all(not(lacks), any(some, not(missed))), lacks };
}

/** That an item lacks what a choice gives for a failure; one that stands behind a failure of a target is spared by all of it. */
function itemsLack(
  index: PlanIndex,
  { viewer }: Sight,
  { id, fact }: { readonly id: string; readonly fact: `${string}:${string}` },
): Formula {
  const lacks = atom(id, `lacks:${fact}`);
  const { spared } = index.task(id);
  if (spared === undefined || index.isWithin(viewer, spared) || !index.isOne(viewer, spared)) return lacks;
  return all(lacks, not(partsFailed(index, spared)));
}

/** The output of a choice is what the branch that was taken names. */
export function throughChoice(
  index: PlanIndex,
  sight: Sight,
  { task: id, output }: OutputReference,
): Content {
  const choice = index.task(id);
  if (choice.kind !== "choice") throw new Error(`"${id}" is no choice. Report this as a bug.`);
  const taken = choice.branches.flatMap(({ outputs }, branch) => {
    const source = outputs[output];
    if (source === undefined) return [];
    const { has, lacks } = contentOf(index, { ...sight, from: id }, source);
    const took = atom(id, `took:${branch}`);
    return [{ has: all(took, has), lacks: all(took, lacks) }];
  });
  return {
    has: any(...taken.map(({ has }) => has)),
    lacks: any(badFor(index, sight, id), ...taken.map(({ lacks }) => lacks)),
  };
}

function wrote(index: PlanIndex, id: string, output: string): Formula {
  return atom(id, isOptional(index, id, output) ? `wrote:${output}` : "succeeded");
}

export function isOptional(index: PlanIndex, id: string, output: string): boolean {
  const task = index.task(id);
  return "outputs" in task && task.outputs[output]?.optional === true;
}
