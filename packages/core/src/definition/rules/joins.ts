import type { OutputDefinition, Reference } from "../definition.ts";
import type { DefinitionSite, WorkflowSite } from "../site.ts";
import { sourcesOf } from "../sources.ts";
import { branchesOf } from "./expression-sites.ts";
import type { Rule } from "./rule.ts";

type OutputType = OutputDefinition["type"];

/** What takes the place of each other, behind `first` or as the output of a choice, is of one type. */
export const checkJoins: Rule = (definition, report) => {
  for (const workflow of definition.workflows) {
    for (const { node, path } of workflow.nodes) {
      for (const [name, source] of Object.entries("inputs" in node ? node.inputs : {})) {
        if (source.kind !== "first") continue;
        const message = mismatch(source.of, workflow, definition);
        if (message) report({ code: "SCANFLOW_TYPE_MISMATCH", message, path: [...path, "inputs", name] });
      }
      const branches = branchesOf(node);
      for (const name of new Set(branches.flatMap(({ outputs }) => Object.keys(outputs)))) {
        const joined = branches.flatMap(({ outputs }) =>
          Object.hasOwn(outputs, name) && outputs[name] ? sourcesOf(outputs[name]) : [],
        );
        const message = mismatch(joined, workflow, definition);
        if (message)
          report({
            code: "SCANFLOW_TYPE_MISMATCH",
            message: `output ${name}: ${message}`,
            path: [...path, "choice"],
          });
      }
    }
  }
};

function mismatch(
  references: readonly Reference[],
  workflow: WorkflowSite,
  definition: DefinitionSite,
): string | undefined {
  const typed = references.flatMap((reference) => {
    if (reference.kind !== "output") return [];
    const type = typeOf(reference, { workflow, definition, depth: 0 });
    return type === undefined || type === "any"
      ? []
      : [{ type, text: `${reference.node}.${reference.output}` }];
  });
  const [first] = typed;
  const other = typed.find(({ type }) => type !== first?.type);
  if (!first || !other) return undefined;
  return `${first.text} is of the type ${first.type}, ${other.text} of the type ${other.type}: what can take each other's place is of one type`;
}

interface Following {
  readonly workflow: WorkflowSite;
  readonly definition: DefinitionSite;
  readonly depth: number;
}

const DEEPEST = 50;

/** The declared type of an output, followed into nested workflows; undefined when it is not known. */
function typeOf(reference: Reference, { workflow, definition, depth }: Following): OutputType | undefined {
  if (reference.kind !== "output" || depth > DEEPEST) return undefined;
  const node = workflow.named.get(reference.node)?.node;
  if (!node) return undefined;
  if ("map" in node && node.map) return "folder";
  const { output } = reference;
  if (node.kind === "workflow") {
    const inner = definition.named.get(node.workflow);
    const source =
      inner && Object.hasOwn(inner.workflow.outputs, output) ? inner.workflow.outputs[output] : undefined;
    return inner && source && typeOf(source, { workflow: inner, definition, depth: depth + 1 });
  }
  if (!("outputs" in node) || !Object.hasOwn(node.outputs, output)) return undefined;
  return node.outputs[output]?.type;
}
