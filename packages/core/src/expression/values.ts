import type { JsonValue } from "../json.ts";

export type ValueKind = "null" | "number" | "string" | "boolean" | "list" | "object";

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function kindOf(value: JsonValue): ValueKind {
  if (value === null) return "null";
  if (isList(value)) return "list";
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    return typeof value as "number" | "string" | "boolean";
  }
  return "object";
}

/** What a scope gave, as an expression sees it: nothing, NaN and infinities are null. */
export function settled(value: JsonValue | undefined): JsonValue {
  if (value === undefined) return null;
  return typeof value === "number" ? finite(value) : value;
}

/** The number as JSON can carry it: minus zero is 0, NaN and infinities are null. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

/** A value in a message: short, whatever its size. */
export function describeValue(value: JsonValue): string {
  if (typeof value === "string") return `the string ${quoted(value)}`;
  if (isList(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === "object") return "an object";
  return value === null ? "null" : `the ${kindOf(value)} ${value}`;
}

/** A name or string in a message, cut when it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** Equality by content; key order does not matter. Iterative, since a result may be nested without bound. */
export function equalValues(first: JsonValue, second: JsonValue): boolean {
  const open: [JsonValue | undefined, JsonValue | undefined][] = [[first, second]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [a, b] = next;
    if (a === b) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (isList(a) || isList(b)) {
      if (!isList(a) || !isList(b) || a.length !== b.length) return false;
      for (const [position, item] of a.entries()) open.push([item, b[position]]);
      continue;
    }
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false;
      open.push([a[key], b[key]]);
    }
  }
  return true;
}
