import type { Locate } from "@scanflow/core";
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";

type At = (offset: number) => { readonly line: number; readonly column: number };

/**
 * Finds the line and column of a path in a YAML document: of the key where there is one, and of the nearest part
 * around it where the path leads to nothing.
 */
export function locateIn(document: Document, at: At): Locate {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Entry>>();
  return (path) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node);
    for (const key of path) {
      const inner = isAlias(node) ? node.resolve(document) : node;
      const entry = isMap(inner) ? indexOf(inner, indexes).get(String(key)) : itemOf(inner, key);
      if (entry === undefined) break;
      offset = offsetOf(entry.key) ?? offset;
      node = entry.value;
    }
    return offset === undefined ? undefined : at(offset);
  };
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

function indexOf(map: YAMLMap, indexes: WeakMap<YAMLMap, ReadonlyMap<string, Entry>>) {
  const known = indexes.get(map);
  if (known) return known;
  const made = new Map(
    map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair] as const),
  );
  indexes.set(map, made);
  return made;
}

function itemOf(node: unknown, key: string | number): Entry | undefined {
  if (!isSeq(node) || typeof key !== "number" || key >= node.items.length) return undefined;
  return { key: node.items[key], value: node.items[key] };
}

function offsetOf(node: unknown): number | undefined {
  const range =
    typeof node === "object" && node !== null && "range" in node ? (node as Node).range : undefined;
  return range?.[0];
}
