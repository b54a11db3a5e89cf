import type { Path, Place } from "@scanflow/core";
import type { LoadedApplication } from "../loaded-application.ts";
import type { Site } from "./named-files.ts";

/** The place of what a node is written with: in the node, or in its workflow's defaults where the node has no such key. */
export function placeOf({ file, written }: LoadedApplication, { workflow, node, keys }: Site): Place {
  const { document, locate, pathOf } = written;
  const around = step(document, ["workflows"], workflow);
  const own = step(document, [...around, "nodes"], node);
  const [first = ""] = keys;
  const inherited = !has(document, [...own, first]) && has(document, [...around, "defaults", first]);
  const path = [...(inherited ? [...around, "defaults"] : own), ...keys];
  return { file, path: pathOf?.(path) ?? path, ...locate(path) };
}

/** The path of a named entry of a mapping, or of a list whose items each have a name. */
function step(document: unknown, path: Path, name: string): Path {
  const entries = valueAt(document, path);
  if (!Array.isArray(entries)) return [...path, name];
  return [...path, entries.findIndex((entry) => valueAt(entry, ["name"]) === name)];
}

function has(document: unknown, path: Path): boolean {
  return valueAt(document, path) !== undefined;
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
