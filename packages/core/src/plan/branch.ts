import type { BranchTargets, ChoiceNode, Reference } from "../definition/definition.ts";
import { type Draft, linkOrder, type Scope, type TaskBody, type Unit } from "./draft.ts";
import { follow } from "./follow.ts";
import type { PlanBranch } from "./plan.ts";
import { linkProducers, planInput, sourceOf } from "./source.ts";
import { connectCondition } from "./value.ts";

/** A choice: its conditions, the tasks that each branch opens, and its own outputs. */
export function connectChoice(draft: Draft, node: ChoiceNode, scope: Scope): TaskBody {
  const site = { scope, maps: draft.maps };
  const branches = node.branches.map((branch, index): PlanBranch => {
    const targets = targetsOf(branch.run, scope);
    for (const { head } of targets) {
      linkOrder(head, draft, "succeeded");
      head.guards.push({ kind: "branch", choice: draft.id, branch: index });
    }
    chain(branch.run, targets);
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

function targetsOf(run: BranchTargets, scope: Scope): readonly Unit[] {
  if (run.kind === "none") return [];
  return run.nodes.flatMap((name) => scope.units.get(name) ?? []);
}

function chain(run: BranchTargets, targets: readonly Unit[]): void {
  for (const [index, { head }] of targets.entries()) {
    const former = targets[index - 1];
    if (!former) continue;
    if (run.kind === "sequence") {
      follow(head, former, "succeeded");
      continue;
    }
    follow(head, former, "finished");
    head.guards.push({ kind: "fallback", failed: targets.slice(0, index).map((each) => each.head.id) });
    for (const draft of former.drafts) draft.spared = true;
  }
}

/**
 * Only the output of the branch that is taken is needed, so the branches' producers of one output share a join. When
 * one of them is a file, nothing of the join need be produced: the producers are only awaited.
 */
function linkOutputs(draft: Draft, node: ChoiceNode, scope: Scope): void {
  const written = new Map<string, Reference[]>();
  for (const { outputs } of node.branches) {
    for (const [name, reference] of Object.entries(outputs)) {
      const known = written.get(name);
      if (known) known.push(reference);
      else written.set(name, [reference]);
    }
  }
  for (const [name, references] of written) {
    const sources = references.map((reference) => sourceOf(scope, reference));
    const producers = sources.flatMap((source) => (source.kind === "made" ? source.by : []));
    if (sources.every((source) => source.kind === "made")) {
      linkProducers(draft, { kind: "made", by: producers }, `outputs.${name}`);
    } else {
      for (const producer of producers) linkOrder(draft, producer.draft, "finished");
    }
  }
}
