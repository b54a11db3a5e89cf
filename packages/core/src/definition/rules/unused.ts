import type { WorkflowSite } from "../site.ts";
import { sourcesOf } from "../sources.ts";
import { branchesOf, expressionSites, namesIn } from "./expression-sites.ts";
import type { Rule } from "./rule.ts";

/** Inputs and parameters of a workflow that nothing in it uses. */
export const hintUnused: Rule = ({ workflows }, report) => {
  for (const site of workflows) {
    const { workflow, path } = site;
    const [inputs, params] = [usedInputs(site), usedParams(site)];
    for (const [position, name] of workflow.inputs.entries()) {
      if (inputs.has(name)) continue;
      const message = `nothing in workflow ${workflow.name} uses its input ${name}`;
      report({ code: "SCANFLOW_UNUSED", message, path: [...path, "inputs", position] });
    }
    for (const name of Object.keys(workflow.params)) {
      if (params.has(name)) continue;
      const message = `nothing in workflow ${workflow.name} uses its parameter ${name}: hand it to a node under params, as {expression: params.${name}}`;
      report({ code: "SCANFLOW_UNUSED", message, path: [...path, "params", name] });
    }
  }
};

function usedInputs({ workflow, nodes }: WorkflowSite): ReadonlySet<string> {
  const references = [
    ...Object.values(workflow.outputs),
    ...nodes.flatMap(({ node }) => ("inputs" in node ? Object.values(node.inputs).flatMap(sourcesOf) : [])),
    ...nodes.flatMap(({ node }) =>
      branchesOf(node).flatMap(({ outputs }) => Object.values(outputs).flatMap(sourcesOf)),
    ),
  ];
  return new Set(references.flatMap((reference) => (reference.kind === "input" ? [reference.name] : [])));
}

function usedParams({ nodes }: WorkflowSite): ReadonlySet<string> {
  const expressions = nodes.flatMap(expressionSites);
  return new Set(expressions.flatMap(({ expression }) => namesIn(expression, "params")));
}
