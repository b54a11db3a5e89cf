import type { MapDefinition } from "../definition.ts";
import type { Rule } from "./rule.ts";

const MOST_ITEMS = 100_000;

/** A map has a number of items that an engine can hold. */
export const checkMaps: Rule = ({ workflows }, report) => {
  for (const { nodes } of workflows) {
    for (const { node, path } of nodes) {
      if (!("map" in node) || !node.map) continue;
      const message = problemOf(node.map);
      if (message) report({ code: "SCANFLOW_MAP_INVALID", message, path: [...path, "map"] });
    }
  }
};

function problemOf(map: MapDefinition): string | undefined {
  const tooMany = `stands for more than ${MOST_ITEMS} items: work on several at once in one task`;
  if (map.kind === "sweep") {
    const lists = Object.values(map.sweep);
    if (lists.length === 0) return "a sweep needs at least one list: write sweep: {rate: [0.1, 0.5]}";
    return lists.reduce((count, list) => count * list.length, 1) > MOST_ITEMS ? tooMany : undefined;
  }
  if (map.over.kind === "expression") return undefined;
  if (!Array.isArray(map.over.value)) return "map goes over a list";
  return map.over.value.length > MOST_ITEMS ? tooMany : undefined;
}
