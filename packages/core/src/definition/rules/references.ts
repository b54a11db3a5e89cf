import { nearest } from "../../nearest.ts";
import type { InputSource, Reference } from "../definition.ts";
import type { Path, Report } from "../problem.ts";
import type { DefinitionSite, NodeSite, WorkflowSite } from "../site.ts";
import { placedIn } from "../sources.ts";
import { branchesOf } from "./expression-sites.ts";
import { surroundings } from "./outer.ts";
import { outputsOf } from "./outputs-of.ts";
import type { Rule } from "./rule.ts";

/** What inputs, outputs and edges of order name is there. */
export const checkReferences: Rule = (definition, report) => {
  for (const workflow of definition.workflows) {
    const scope: Scope = { definition, workflow, report };
    for (const [name, reference] of Object.entries(workflow.workflow.outputs)) {
      checkReference(reference, [...workflow.path, "outputs", name], scope);
    }
    for (const site of workflow.nodes) checkNode(site, scope);
  }
};

interface Scope {
  readonly definition: DefinitionSite;
  readonly workflow: WorkflowSite;
  readonly report: Report;
}

function checkNode({ node, path }: NodeSite, scope: Scope): void {
  for (const [name, source] of Object.entries("inputs" in node ? node.inputs : {})) {
    checkSource(source, [...path, "inputs", name], scope);
  }
  for (const [position, { node: name }] of node.after.entries()) {
    checkNodeName(name, [...path, "after", position], scope);
  }
  for (const [position, { outputs }] of branchesOf(node).entries()) {
    for (const [name, source] of Object.entries(outputs)) {
      checkSource(source, [...path, "choice", position, "outputs", name], scope);
    }
  }
}

function checkSource(source: InputSource, path: Path, scope: Scope): void {
  for (const [place, reference] of placedIn(source, path)) checkReference(reference, place, scope);
}

function checkReference(reference: Reference, path: Path, scope: Scope): void {
  if (reference.kind === "input") return checkInput(reference.name, path, scope);
  const { node: name, output } = reference;
  if (!checkNodeName(name, path, { ...scope, output })) return;
  const site = scope.workflow.named.get(name);
  const outputs = site && outputsOf(site, scope.definition);
  if (!outputs || outputs.includes(output)) return;
  const meant = nearest(output, outputs);
  const has = outputs.length === 0 ? "has no outputs" : `has the outputs ${outputs.slice(0, 20).join(", ")}`;
  scope.report({
    code: "SCANFLOW_OUTPUT_UNKNOWN",
    message: `there is no output ${JSON.stringify(output)}: ${name} ${has}`,
    path,
    suggestion: meant === undefined ? undefined : `${name}.${meant}`,
  });
}

function checkInput(name: string, path: Path, { workflow, report }: Scope): void {
  const { inputs, name: owner } = workflow.workflow;
  if (inputs.includes(name) || workflow.broken.has("inputs")) return;
  const meant = nearest(name, inputs);
  report({
    code: "SCANFLOW_INPUT_UNKNOWN",
    message: `workflow ${owner} has no input ${JSON.stringify(name)}: add it to the workflow's inputs`,
    path,
    suggestion: meant === undefined ? undefined : `inputs.${meant}`,
  });
}

/** Whether the workflow has such a node; reports it when not. */
export function checkNodeName(
  name: string,
  path: Path,
  scope: Scope & { readonly output?: string },
): boolean {
  const { definition, workflow, report, output } = scope;
  if (workflow.named.has(name) || workflow.unread.has(name)) return true;
  const whole = (node: string) => (output === undefined ? node : `${node}.${output}`);
  if (workflow.trackers.some(({ node }) => node.name === name)) {
    const message = `${name} is a tracker, which does no work: refer to another node`;
    report({ code: "SCANFLOW_TRACKER_INVALID", message, path });
    return false;
  }
  const outer = surroundings(definition, workflow).find(
    ({ named, unread }) => named.has(name) || unread.has(name),
  );
  const owner = workflow.workflow.name;
  const hint = outer
    ? `it is in workflow ${outer.workflow.name}, which contains ${owner}: hand ${whole(name)} in as an input of ${owner}`
    : "write the name of a node beside it";
  const meant = outer ? undefined : nearest(name, workflow.named.keys());
  report({
    code: "SCANFLOW_NODE_UNKNOWN",
    message: `workflow ${owner} has no node ${JSON.stringify(name)}; ${hint}`,
    path,
    suggestion: meant === undefined ? undefined : whole(meant),
  });
  return false;
}
