import type { PlanInput } from "@scanflow/core";
import { all, always, any, atom, type Formula, never, not } from "./formula.ts";
import { badFor, toleratedFor } from "./outcome.ts";
import type { PlanIndex } from "./plan-index.ts";

/** Whether an input has content. Where neither holds, its task is skipped. */
export interface Content {
  readonly has: Formula;
  /** There is none, for a failure that is not allowed. */
  readonly lacks: Formula;
}

const there: Content = { has: always, lacks: never };

/** The first of the alternatives that was produced, else a file or data. */
export function contentOf(index: PlanIndex, viewer: string, input: PlanInput): Content {
  if (input.kind !== "output") return there;
  const options = input.of.map((reference) => referenced(index, viewer, reference));
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
export function referenced(index: PlanIndex, viewer: string, { task: id, output }: OutputReference): Content {
  const task = index.task(id);
  if (index.isOne(viewer, id)) {
    const lacks = badFor(index, viewer, id);
    if (task.kind !== "choice") return { has: wrote(index, id, output), lacks };
    return throughChoice(index, viewer, { task: id, output });
  }
  const maps = index.mapsBetween(viewer, id);
  const badMaps = maps.map((map) => badFor(index, viewer, map));
  const isChoice = task.kind === "choice";
  const fact = `${viewer}:${output}` as const;
  const some = isChoice ? atom(id, `has:${fact}`) : wrote(index, id, output);
  const lacks = any(...badMaps, isChoice ? atom(id, `lacks:${fact}`) : badFor(index, viewer, id));
  const missed = any(
    ...maps.flatMap((map) => [atom(map, "skipped"), toleratedFor(index, viewer, map)]),
    atom(id, "skipped"),
    toleratedFor(index, viewer, id),
    isChoice || isOptional(index, id, output) ? atom(id, "succeeded") : never,
  );
  return { has: all(not(lacks), any(some, not(missed))), lacks };
}

/** The output of a choice is what the branch that was taken names. */
export function throughChoice(
  index: PlanIndex,
  viewer: string,
  { task: id, output }: OutputReference,
): Content {
  const choice = index.task(id);
  if (choice.kind !== "choice") throw new Error(`"${id}" is no choice. Report this as a bug.`);
  const taken = choice.branches.flatMap(({ outputs }, branch) => {
    const source = outputs[output];
    if (source === undefined) return [];
    const { has, lacks } = contentOf(index, viewer, source);
    const took = atom(id, `took:${branch}`);
    return [{ has: all(took, has), lacks: all(took, lacks) }];
  });
  return {
    has: any(...taken.map(({ has }) => has)),
    lacks: any(badFor(index, viewer, id), ...taken.map(({ lacks }) => lacks)),
  };
}

function wrote(index: PlanIndex, id: string, output: string): Formula {
  return atom(id, isOptional(index, id, output) ? `wrote:${output}` : "succeeded");
}

export function isOptional(index: PlanIndex, id: string, output: string): boolean {
  const task = index.task(id);
  return "outputs" in task && task.outputs[output]?.optional === true;
}
