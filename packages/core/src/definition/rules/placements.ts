import type { Placement } from "../definition.ts";
import { labelProblem } from "../document/placement.ts";
import type { Path, Report } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Where tasks may run is told as a cluster takes it. */
export const checkPlacements: Rule = ({ workflows }, report) => {
  for (const { nodes } of workflows) {
    // What several nodes inherit is the same object, and wrong once.
    const seen = new Set<object>();
    for (const { node, path } of nodes) {
      if (!("placement" in node)) continue;
      const { labels, tolerations } = node.placement;
      if (!seen.has(labels)) checkLabels(node.placement, [...path, "placement"], report);
      if (!seen.has(tolerations)) checkTolerations(node.placement, [...path, "placement"], report);
      seen.add(labels).add(tolerations);
    }
  }
};

function checkLabels({ labels }: Placement, path: Path, report: Report): void {
  for (const key of Object.keys(labels)) {
    const message = labelProblem(key);
    if (message) report({ code: "SCANFLOW_NAME_ILLEGAL", message, path: [...path, "labels", key] });
  }
}

function checkTolerations({ tolerations }: Placement, path: Path, report: Report): void {
  for (const [position, { key, value }] of tolerations.entries()) {
    if (key !== null || value === null) continue;
    const message = "a value without a key means nothing: add the key, or remove the value";
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...path, "tolerations", position, "value"] });
  }
}
