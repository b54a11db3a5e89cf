import { type Expression, references } from "../../expression/index.ts";
import type { WorkNode } from "../definition.ts";
import type { Path } from "../problem.ts";
import type { NodeSite } from "../site.ts";

/** An expression of a node, and what it is used for. */
export interface ExpressionSite {
  readonly expression: Expression;
  readonly path: Path;
  readonly use: { readonly kind: "condition" | "list" } | { readonly kind: "param"; readonly name: string };
  /** Whether `item` is known there. */
  readonly item: boolean;
}

export function expressionSites({ node, path }: NodeSite): readonly ExpressionSite[] {
  const mapped = "map" in node && node.map !== null;
  const sites: ExpressionSite[] = [];
  if (node.when) {
    // Whether a nested workflow is entered at all is asked once, before its map.
    const item = mapped && node.kind !== "workflow";
    sites.push({ expression: node.when, path: [...path, "when"], use: { kind: "condition" }, item });
  }
  for (const [position, { when }] of branchesOf(node).entries()) {
    if (!when) continue;
    sites.push({
      expression: when,
      path: [...path, "choice", position, "when"],
      use: { kind: "condition" },
      item: false,
    });
  }
  for (const [name, value] of Object.entries("params" in node ? node.params : {})) {
    if (value.kind !== "expression") continue;
    const { expression } = value;
    sites.push({ expression, path: [...path, "params", name], use: { kind: "param", name }, item: mapped });
  }
  if ("map" in node && node.map?.kind === "over" && node.map.over.kind === "expression") {
    const { expression } = node.map.over;
    sites.push({ expression, path: [...path, "map", "over"], use: { kind: "list" }, item: false });
  }
  return sites;
}

export function branchesOf(node: WorkNode) {
  return node.kind === "choice" ? node.branches : [];
}

/** The names behind `nodes.` or `params.` in an expression, each once. */
export function namesIn(expression: Expression, root: "nodes" | "params"): readonly string[] {
  const names = references(expression).flatMap(([first, name]) =>
    first === root && name !== undefined ? [name] : [],
  );
  return [...new Set(names)];
}
