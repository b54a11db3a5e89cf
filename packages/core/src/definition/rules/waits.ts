import type { Reference, WorkNode } from "../definition.ts";
import type { NodeSite, WorkflowSite } from "../site.ts";
import { chosenBy, lastTargetsOf, ownOutputs, sourcesOf, targetsOf } from "../sources.ts";
import { branchesOf, expressionSites, namesIn } from "./expression-sites.ts";
import type { Waits } from "./sort.ts";

/** For each node of a workflow the nodes beside it that it waits for, whatever for. */
export function nodeWaits(workflow: WorkflowSite): Waits {
  const waits = new Map<string, string[]>();
  for (const [name, site] of workflow.named) waits.set(name, waitedFor(site, workflow));
  for (const { node } of workflow.named.values()) {
    for (const branch of branchesOf(node)) {
      const targets = targetsOf(branch);
      for (const [position, target] of targets.entries()) {
        const former = targets.slice(Math.max(0, position - 1), position);
        waits.get(target)?.push(node.name, ...former.flatMap((each) => endsOf(each, workflow)));
      }
    }
  }
  return waits;
}

function waitedFor(site: NodeSite, workflow: WorkflowSite): string[] {
  const { node } = site;
  return [
    ...awaitedWith(referencesOf(node), workflow),
    ...node.after.flatMap((edge) => awaitedAfter(node, edge.node, workflow)),
    ...expressionSites(site).flatMap(({ expression }) => namesIn(expression, "nodes")),
  ];
}

/**
 * What a node waits for that is written after another. Who comes after a choice waits for all that it chose; what the
 * choice itself runs, for the decision.
 */
export function awaitedAfter({ name }: WorkNode, after: string, workflow: WorkflowSite): readonly string[] {
  const upstream = workflow.named.get(after)?.node;
  if (upstream?.kind === "choice") {
    const chosen = chosenBy(upstream, (each) => workflow.named.get(each)?.node);
    if (chosen.has(name)) return [after];
  }
  return endsOf(after, workflow);
}

/** The node, and of a choice the nodes that end its branches. */
function endsOf(name: string, { named }: WorkflowSite): readonly string[] {
  const ends = new Set([name]);
  for (const end of ends) {
    const node = named.get(end)?.node;
    if (node?.kind === "choice") for (const target of lastTargetsOf(node)) ends.add(target);
  }
  return [...ends];
}

/** All references of a node; a choice's outputs without those to its own targets, for which others wait. */
function referencesOf(node: WorkNode): readonly Reference[] {
  const inputs = "inputs" in node ? Object.values(node.inputs).flatMap(sourcesOf) : [];
  const outputs = branchesOf(node).flatMap(({ outputs: given }) => Object.values(given).flatMap(sourcesOf));
  const targets = new Set(branchesOf(node).flatMap(targetsOf));
  return [...inputs, ...outputs.filter((each) => each.kind !== "output" || !targets.has(each.node))];
}

/** The nodes behind references, and behind an output of a choice the targets that its branches name for it. */
function awaitedWith(references: readonly Reference[], { named }: WorkflowSite): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const open = [...references];
  for (const next of open) {
    if (next.kind !== "output") continue;
    names.add(next.node);
    const node = named.get(next.node)?.node;
    const key = `${next.node}.${next.output}`;
    if (node?.kind !== "choice" || seen.has(key)) continue;
    seen.add(key);
    open.push(...ownOutputs(node, next.output));
  }
  return [...names];
}
