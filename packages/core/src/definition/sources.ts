import type { Branch, ChoiceNode, InputSource, Reference, WorkNode } from "./definition.ts";
import type { Path } from "./problem.ts";

/** The references of an input, or of what a branch gives. */
export function sourcesOf(source: InputSource): readonly Reference[] {
  if (source.kind === "first") return source.of;
  return source.kind === "file" || source.kind === "data" ? [] : [source];
}

/** The references of a source, each with the place where it stands. */
export function placedIn(source: InputSource, path: Path): readonly (readonly [Path, Reference])[] {
  if (source.kind !== "first") return sourcesOf(source).map((reference) => [path, reference]);
  return source.of.map((reference, position) => [[...path, "first", position], reference]);
}

/** The nodes that a branch runs. */
export function targetsOf({ run }: Branch): readonly string[] {
  return run.kind === "none" ? [] : run.nodes;
}

/** The last node of each branch: when it has ended, all that the branch runs has. */
export function lastTargetsOf({ branches }: ChoiceNode): readonly string[] {
  return branches.flatMap((branch) => targetsOf(branch).slice(-1));
}

/** All nodes that may run because a choice was made: its targets, and those of the choices among them. */
export function chosenBy(
  choice: ChoiceNode,
  named: (name: string) => WorkNode | undefined,
): ReadonlySet<string> {
  const chosen = new Set(choice.branches.flatMap(targetsOf));
  for (const name of chosen) {
    const node = named(name);
    if (node?.kind === "choice") for (const target of node.branches.flatMap(targetsOf)) chosen.add(target);
  }
  return chosen;
}

/** What the branches of a choice name as one of its outputs among their own targets: known only when those have run. */
export function ownOutputs({ branches }: ChoiceNode, output: string): readonly Reference[] {
  return branches.flatMap((branch) => {
    const source = Object.hasOwn(branch.outputs, output) ? branch.outputs[output] : undefined;
    const targets = targetsOf(branch);
    return source
      ? sourcesOf(source).filter((each) => each.kind === "output" && targets.includes(each.node))
      : [];
  });
}
