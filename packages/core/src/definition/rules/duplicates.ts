import type { Path, Report } from "../problem.ts";
import type { WorkflowSite } from "../site.ts";
import type { Rule } from "./rule.ts";

/** No two things of one kind in one place share a name, or names that become one variable of the node contract. */
export const checkDuplicates: Rule = ({ workflows }, report) => {
  reportTwice(
    workflows.map(({ workflow, path }) => [workflow.name, path]),
    "a workflow",
    report,
  );
  for (const site of workflows) {
    const nodes = [...site.nodes, ...site.trackers].map(({ node, path }) => [node.name, path] as const);
    reportTwice(nodes, "a node", report);
    reportTwice(inputsOf(site), "an input", report);
    for (const { node, path } of site.nodes) {
      // A nested workflow has no variables of its own.
      if (node.kind === "workflow") continue;
      if ("inputs" in node) reportSameVariable(node.inputs, [...path, "inputs"], report);
      if ("outputs" in node) reportSameVariable(node.outputs, [...path, "outputs"], report);
      if ("params" in node) reportSameVariable(node.params, [...path, "params"], report);
    }
  }
};

function inputsOf({ workflow, path }: WorkflowSite): readonly (readonly [string, Path])[] {
  return workflow.inputs.map((name, position) => [name, [...path, "inputs", position]]);
}

function reportTwice(named: readonly (readonly [string, Path])[], what: string, report: Report): void {
  const seen = new Set<string>();
  for (const [name, path] of named) {
    if (seen.has(name)) {
      const message = `there is ${what} ${JSON.stringify(name)} already: give this one another name`;
      report({ code: "SCANFLOW_NAME_DUPLICATE", message, path });
    }
    seen.add(name);
  }
}

function reportSameVariable(named: object, path: Path, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(named)) {
    const variable = name.toUpperCase().replaceAll("-", "_");
    const other = seen.get(variable);
    if (other !== undefined) {
      const message = `${other} and ${name} become the same environment variable (…_${variable}): rename one`;
      report({ code: "SCANFLOW_NAME_DUPLICATE", message, path: [...path, name] });
    }
    seen.set(variable, name);
  }
}
