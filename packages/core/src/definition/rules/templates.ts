import { nearest } from "../../nearest.ts";
import type { CheckerNode, ExecutorNode, ServiceNode } from "../definition.ts";
import type { Report } from "../problem.ts";
import type { DefinitionSite, NodeSite } from "../site.ts";
import type { Rule } from "./rule.ts";

type Runnable = ExecutorNode | CheckerNode | ServiceNode;

const TEMPLATE = /\{\{\s*([A-Za-z_]\w*)(?:\.([^\s{}]+))?\s*\}\}/g;
const ROOTS = ["inputs", "outputs", "params", "item"] as const;

/** `{{…}}` in a command names what the node has. Braces that look like nothing of ours are left to the command. */
export const checkTemplates: Rule = (definition, report) => {
  const mapped = hasMap(definition);
  for (const { nodes } of definition.workflows) {
    for (const { node, path } of nodes) {
      if ("run" in node) checkCommand({ node, path }, mapped, report);
    }
  }
};

function checkCommand({ node, path }: NodeSite<Runnable>, mapped: boolean, report: Report): void {
  if (node.run.kind !== "command") return;
  const { command } = node.run;
  const words = typeof command === "string" ? [command] : command;
  for (const [position, word] of words.entries()) {
    for (const [text, root = "", name = ""] of word.matchAll(TEMPLATE)) {
      const problem = templateProblem(node, { root, name, mapped });
      if (problem === undefined) continue;
      const place = [...path, "run", ...(typeof command === "string" ? [] : [position])];
      report({
        code: "SCANFLOW_TEMPLATE_UNKNOWN",
        ...problem,
        message: `${text} ${problem.message}`,
        path: place,
      });
    }
  }
}

interface Template {
  readonly root: string;
  readonly name: string;
  /** Whether there is an item anywhere in the application. */
  readonly mapped: boolean;
}

function templateProblem(
  node: Runnable,
  { root, name, mapped }: Template,
): { readonly message: string; readonly suggestion?: string } | undefined {
  if (root === "item") {
    return node.map || mapped
      ? undefined
      : { message: "needs a map, and there is none: add map to the node" };
  }
  if (root !== "inputs" && root !== "outputs" && root !== "params") {
    const meant = nearest(root, ROOTS);
    return meant === undefined || name === ""
      ? undefined
      : { message: "names nothing that a command is given", suggestion: `{{${meant}.${name}}}` };
  }
  const known = Object.keys(node[root]);
  // A field of a parameter that is an object may follow.
  const [first = ""] = root === "params" ? name.split(".") : [name];
  if (known.includes(name) || known.includes(first)) return undefined;
  const has =
    known.length === 0 ? `the node has no ${root}` : `its ${root} are ${known.slice(0, 20).join(", ")}`;
  const meant = nearest(first, known);
  return {
    message: `names nothing: ${has}${root === "params" ? " (hand a parameter of the workflow on under params)" : ""}`,
    ...(meant !== undefined && { suggestion: `{{${root}.${meant}}}` }),
  };
}

function hasMap({ workflows }: DefinitionSite): boolean {
  return workflows.some(({ nodes }) =>
    nodes.some(({ node }) => node.kind === "workflow" && node.map !== null),
  );
}
