import { FACETS, type NameProblem, pathProblem, withNearest } from "./names.ts";
import { DEVICE_TYPES, type NodeTypes, type TypeScope } from "./scope.ts";
import { isListType, oneOfType, type ValueType } from "./value-type.ts";
import { quoted } from "./values.ts";

/** The type of what a path leads to, or what is wrong with the path. */
export type PathType = { readonly type: ValueType } | { readonly problem: NameProblem };

/** The type of a reference, by what the scope declares. */
export function typeOfPath(path: readonly string[], types: TypeScope): PathType {
  const [root = "", name = "", facet = "", ...keys] = path;
  const problem = pathProblem(path, root === "tasks" || root === "items" ? "plan" : "definition");
  if (problem) return { problem };
  switch (root) {
    case "params":
      return typeInside({ object: types.params }, path.slice(1), "parameter");
    case "device":
      return typeInside({ object: DEVICE_TYPES }, path.slice(1), "device fact");
    case "item":
      if (types.item !== undefined) return typeInside(types.item, path.slice(1), "field");
      return { problem: { message: "there is no item here: only a node with map has one" } };
    case "items": {
      const item = typeInside({ object: types.items ?? {} }, [name], "map");
      return "problem" in item ? item : typeInside(item.type, path.slice(2), "field");
    }
    default: {
      const nodes = (root === "nodes" ? types.nodes : types.tasks) ?? {};
      const node = Object.hasOwn(nodes, name) ? nodes[name] : undefined;
      if (node) return typeOfFacet(node, facet, keys);
      const noun = root === "nodes" ? "node" : "task";
      return { problem: withNearest(`there is no ${noun} ${quoted(name)}`, name, Object.keys(nodes)) };
    }
  }
}

function typeOfFacet(node: NodeTypes, facet: string, keys: readonly string[]): PathType {
  if (facet === "status") return typeInside("string", keys, "field");
  if (facet === "result") return typeInside(node.result ?? "unknown", keys, "field of the result");
  if (facet !== "metrics") return { problem: { message: `use one of ${FACETS.join(", ")}` } };
  if (node.metrics === undefined) {
    return keys.length === 0 ? { type: "object" } : typeInside("number", keys.slice(1), "field");
  }
  const metrics = Object.fromEntries(node.metrics.map((metric) => [metric, "number" as const]));
  return typeInside({ object: metrics }, keys, "metric");
}

/** Follows keys into a type. */
function typeInside(type: ValueType, keys: readonly string[], noun: string): PathType {
  const [key, ...rest] = keys;
  if (key === undefined || type === "null") return { type };
  if (type === "unknown" || type === "object") return { type: "unknown" };
  if (isListType(type)) {
    if (/^-?\d+$/.test(key)) return typeInside(type.list, rest, "field");
    return { problem: { message: `a list has no field ${quoted(key)}: write its index, such as [0]` } };
  }
  if (typeof type === "string") {
    const message = `${oneOfType(type)} has no field ${quoted(key)}: refer to it as a whole`;
    return { problem: { message } };
  }
  const field = Object.hasOwn(type.object, key) ? type.object[key] : undefined;
  if (field !== undefined) return typeInside(field, rest, "field");
  return { problem: withNearest(`there is no ${noun} ${quoted(key)}`, key, Object.keys(type.object)) };
}
