import { checkTypes, constantExpression, type ValueType } from "../../expression/index.ts";
import { isListType } from "../../expression/value-type.ts";
import type { JsonValue } from "../../json.ts";
import type { WorkNode } from "../definition.ts";

const MOST_LOOKED_AT = 1000;

/** The type of the item of a node's map, as far as its list tells. */
export function itemType(node: WorkNode): ValueType {
  const map = "map" in node ? node.map : null;
  if (map?.kind === "sweep") {
    const fields = Object.entries(map.sweep).map(([name, values]) => [name, typeOfItems(values)]);
    return { object: Object.fromEntries(fields) };
  }
  if (map?.over.kind !== "literal" || !Array.isArray(map.over.value)) return "unknown";
  return typeOfItems(map.over.value);
}

/** What a list's items have in common; of long or nested lists nothing is known. */
function typeOfItems(values: readonly JsonValue[]): ValueType {
  if (values.length > MOST_LOOKED_AT || values.some((value) => typeof value === "object" && value !== null))
    return "unknown";
  const { type } = checkTypes(constantExpression(values), { params: {} });
  return isListType(type) ? type.list : "unknown";
}
