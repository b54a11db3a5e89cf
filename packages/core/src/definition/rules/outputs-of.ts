import type { DefinitionSite, NodeSite } from "../site.ts";
import { branchesOf } from "./expression-sites.ts";

/** The names of a node's outputs; undefined when they are not known because something else is wrong. */
export function outputsOf({ node }: NodeSite, definition: DefinitionSite): readonly string[] | undefined {
  switch (node.kind) {
    case "approval":
      return [];
    case "choice":
      return [...new Set(branchesOf(node).flatMap(({ outputs }) => Object.keys(outputs)))];
    case "workflow": {
      const inner = definition.named.get(node.workflow);
      return inner && !inner.broken.has("outputs") ? Object.keys(inner.workflow.outputs) : undefined;
    }
    default:
      return Object.keys(node.outputs);
  }
}
