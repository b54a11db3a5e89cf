import type { InputSource, Reference, WorkNode } from "../definition.ts";
import type { NodeSite, WorkflowSite } from "../site.ts";
import { branchesOf, expressionSites, namesIn } from "./expression-sites.ts";
import type { Waits } from "./sort.ts";

/** For each node of a workflow the nodes beside it that it waits for, whatever for. */
export function nodeWaits(workflow: WorkflowSite): Waits {
  const waits = new Map<string, string[]>([...workflow.named].map(([name, site]) => [name, waitedFor(site)]));
  for (const { node } of workflow.named.values()) {
    for (const { run } of branchesOf(node)) {
      if (run.kind === "none") continue;
      for (const [position, target] of run.nodes.entries()) {
        waits.get(target)?.push(node.name, ...run.nodes.slice(Math.max(0, position - 1), position));
      }
    }
  }
  return waits;
}

function waitedFor(site: NodeSite): string[] {
  const { node } = site;
  return [
    ...referencesOf(node).flatMap(nodeOf),
    ...node.after.map((edge) => edge.node),
    ...expressionSites(site).flatMap(({ expression }) => namesIn(expression, "nodes")),
  ];
}

/** All references of a node; a choice's outputs without those to its own targets, which are a problem of their own. */
function referencesOf(node: WorkNode): readonly Reference[] {
  const inputs = "inputs" in node ? Object.values(node.inputs).flatMap(sourcesOf) : [];
  const outputs = branchesOf(node).flatMap(({ outputs: given }) => Object.values(given));
  const targets = new Set(targetsOf(node));
  return [...inputs, ...outputs.filter((reference) => !nodeOf(reference).some((name) => targets.has(name)))];
}

export function targetsOf(node: WorkNode): readonly string[] {
  return branchesOf(node).flatMap(({ run }) => (run.kind === "none" ? [] : run.nodes));
}

/** The references of an input. */
export function sourcesOf(source: InputSource): readonly Reference[] {
  if (source.kind === "first") return source.of;
  return source.kind === "file" ? [] : [source];
}

function nodeOf(reference: Reference): readonly string[] {
  return reference.kind === "output" ? [reference.node] : [];
}
