import { nearest } from "../../nearest.ts";
import type { WorkflowNode } from "../definition.ts";
import { paramProblem } from "../param-problem.ts";
import type { Report } from "../problem.ts";
import type { NodeSite, WorkflowSite } from "../site.ts";
import type { Rule } from "./rule.ts";

/** Nested workflows exist, and are given all that they need and nothing else. */
export const checkBindings: Rule = (definition, report) => {
  for (const { nodes } of definition.workflows) {
    for (const { node, path } of nodes) {
      if (node.kind !== "workflow") continue;
      const inner = definition.named.get(node.workflow);
      if (inner) {
        checkInputs({ node, path }, inner, report);
        checkParams({ node, path }, inner, report);
      } else if (!definition.unread.has(node.workflow)) {
        report({
          code: "SCANFLOW_WORKFLOW_UNKNOWN",
          message: `there is no workflow ${JSON.stringify(node.workflow)} in the application`,
          path: [...path, "workflow"],
          suggestion: nearest(node.workflow, definition.named.keys()),
        });
      }
    }
  }
};

function checkInputs({ node, path }: NodeSite<WorkflowNode>, inner: WorkflowSite, report: Report): void {
  if (inner.broken.has("inputs")) return;
  const { inputs, name: workflow } = inner.workflow;
  for (const name of Object.keys(node.inputs)) {
    if (inputs.includes(name)) continue;
    report({
      code: "SCANFLOW_INPUT_UNKNOWN",
      message: `workflow ${workflow} has no input ${JSON.stringify(name)}${known(inputs)}`,
      path: [...path, "inputs", name],
      suggestion: nearest(name, inputs),
    });
  }
  for (const name of inputs) {
    if (Object.hasOwn(node.inputs, name)) continue;
    const message = `workflow ${workflow} needs the input ${name}: hand it in under inputs`;
    report({ code: "SCANFLOW_INPUT_MISSING", message, path });
  }
}

function checkParams({ node, path }: NodeSite<WorkflowNode>, inner: WorkflowSite, report: Report): void {
  if (inner.broken.has("params")) return;
  const { params, name: workflow } = inner.workflow;
  for (const [name, value] of Object.entries(node.params)) {
    const definition = Object.hasOwn(params, name) ? params[name] : undefined;
    const place = [...path, "params", name];
    if (definition === undefined) {
      report({
        code: "SCANFLOW_PARAM_UNKNOWN",
        message: `workflow ${workflow} has no parameter ${JSON.stringify(name)}${known(Object.keys(params))}`,
        path: place,
        suggestion: nearest(name, Object.keys(params)),
      });
    } else if (value.kind === "literal") {
      const problem = paramProblem(definition, value.value);
      if (problem) report({ code: "SCANFLOW_TYPE_MISMATCH", message: problem, path: place });
    }
  }
  for (const [name, definition] of Object.entries(params)) {
    if (definition.default !== undefined || Object.hasOwn(node.params, name)) continue;
    const message = `workflow ${workflow} needs the parameter ${name}: give it under params, or give it a default there`;
    report({ code: "SCANFLOW_PARAM_MISSING", message, path });
  }
}

function known(names: readonly string[]): string {
  return names.length === 0 ? ": it has none" : `: it has ${names.slice(0, 20).join(", ")}`;
}
