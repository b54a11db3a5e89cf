import type { ChoiceNode, InputSource } from "../definition/definition.ts";
import { chosenBy, sourcesOf, targetsOf } from "../definition/sources.ts";
import { type Draft, linkOrder, type Scope, type TaskBody, type Unit } from "./draft.ts";
import { follow } from "./follow.ts";
import type { PlanBranch } from "./plan.ts";
import { awaitProducers, linkProducers, planInput, producersOf, sourceOf } from "./source.ts";
import { connectCondition } from "./value.ts";

/** A choice: its conditions, the tasks that each branch opens, and its own outputs. */
export function connectChoice(draft: Draft, node: ChoiceNode, scope: Scope): TaskBody {
  const site = { scope, maps: draft.maps };
  const branches = node.branches.map((branch, index): PlanBranch => {
    const targets = targetsOf(branch).flatMap((name) => scope.units.get(name) ?? []);
    for (const { head } of targets) {
      linkOrder(head, draft, "succeeded");
      head.guards.push({ kind: "branch", choice: draft.id, branch: index });
    }
    chain(branch.run.kind, targets);
    return {
      when: connectCondition(draft, site, branch.when),
      targets: targets.map(({ head }) => head.id),
      outputs: Object.fromEntries(
        Object.entries(branch.outputs).map(([name, written]) => [name, planInput(sourceOf(scope, written))]),
      ),
    };
  });
  linkOutputs(draft, node, scope);
  return { kind: "choice", branches };
}

function chain(kind: ChoiceNode["branches"][number]["run"]["kind"], targets: readonly Unit[]): void {
  for (const [index, { head }] of targets.entries()) {
    const former = targets[index - 1];
    if (!former) continue;
    if (kind === "sequence") {
      follow(head, former, "succeeded");
      continue;
    }
    follow(head, former, "finished");
    head.guards.push({ kind: "fallback", failed: targets.slice(0, index).map((each) => each.head.id) });
  }
}

/**
 * Marks all that belongs to a target whose place another one takes, when the choices of a scope are connected: the
 * innermost target counts, so choices among the targets come first.
 */
export function markSpared(scope: Scope): void {
  const marked = new Set<Unit>();
  for (const unit of scope.units.values()) markTargets(unit, marked);
}

function markTargets(choice: Unit, marked: Set<Unit>): void {
  const { node, scope } = choice;
  if (node.kind !== "choice" || marked.has(choice)) return;
  marked.add(choice);
  for (const branch of node.branches) {
    const targets = targetsOf(branch).flatMap((name) => scope.units.get(name) ?? []);
    for (const target of targets) markTargets(target, marked);
    if (branch.run.kind !== "first-of") continue;
    for (const former of targets.slice(0, -1)) {
      for (const { drafts } of [former, ...chosenUnits(former)]) {
        for (const draft of drafts) draft.spared ??= former.head.id;
      }
    }
  }
}

function chosenUnits({ node, scope }: Unit): readonly Unit[] {
  if (node.kind !== "choice") return [];
  return [...chosenBy(node, (name) => scope.units.get(name)?.node)].flatMap(
    (name) => scope.units.get(name) ?? [],
  );
}

/**
 * Only the output of the branch that is taken is needed, so the branches' producers of one output share a join. When
 * a branch has a file or one of its own targets instead, nothing of the join need be produced: the producers are only
 * awaited. What the choice itself runs comes after it, and is awaited by those that take the output.
 */
function linkOutputs(draft: Draft, { branches }: ChoiceNode, scope: Scope): void {
  const targets = new Set(branches.flatMap(targetsOf));
  const written = new Map<string, InputSource[]>();
  for (const { outputs } of branches) {
    for (const [name, source] of Object.entries(outputs)) {
      const known = written.get(name);
      if (known) known.push(source);
      else written.set(name, [source]);
    }
  }
  for (const [name, sources] of written) {
    const references = sources.flatMap(sourcesOf);
    const before = references.filter((each) => each.kind === "input" || !targets.has(each.node));
    const producers = before.flatMap((reference) => producersOf(sourceOf(scope, reference)));
    const needed = before.length === references.length && sources.every((source) => isMade(scope, source));
    if (needed) linkProducers(draft, { by: producers, fallback: null }, `outputs.${name}`);
    else awaitProducers(draft, producers);
  }
}

/** Whether it must be made, since there is no file to take its place. */
function isMade(scope: Scope, written: InputSource): boolean {
  const source = sourceOf(scope, written);
  return source.kind === "made" && source.fallback === null;
}
