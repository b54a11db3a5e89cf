import type { JsonObject } from "../json/json.ts";
import type { JsonReader } from "../json/json-reader.ts";

/** A memory of nothing but numbers, each null until it is known. */
export type FlatMemory<Memory> = { [Name in keyof Memory]: number | null };

export function saveFlat<Memory extends FlatMemory<Memory>>(memory: Memory): JsonObject {
  return { ...memory };
}

/** @param fresh a new memory: which numbers there are, and which may be null */
export function loadFlat<Memory extends FlatMemory<Memory>>(
  fresh: Memory,
  saved: JsonObject,
  read: JsonReader,
): Memory {
  const names = Object.keys(fresh) as (keyof Memory & string)[];
  const entries = names.map((name) => {
    const value = saved[name];
    if (value === null && fresh[name] === null) return [name, null];
    return [name, read.finite(value, `memory.${name}`)];
  });
  return Object.fromEntries(entries) as Memory;
}
