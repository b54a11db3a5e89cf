import type { JsonValue } from "../json.ts";
import { isList, kindOf } from "./values.ts";

/**
 * What is known about a value before anything runs. `object` is one whose fields are not known; `unknown` is
 * checked when it is evaluated. Every type includes null, since an upstream may be skipped.
 */
export type ValueType =
  | "number"
  | "string"
  | "boolean"
  | "null"
  | "object"
  | "unknown"
  | { readonly list: ValueType }
  | { readonly object: Readonly<Record<string, ValueType>> };

function describeType(type: ValueType): string {
  if (typeof type === "string") return type === "unknown" ? "value" : type;
  if ("object" in type) return "object";
  return type.list === "unknown" ? "list" : `list of ${describeType(type.list)}s`;
}

/** A type in a message, with its article. */
export function oneOfType(type: ValueType): string {
  const name = describeType(type);
  return `${name === "object" ? "an" : "a"} ${name}`;
}

/** Whether a value of type `from` may stand where `to` is wanted, as far as is known. */
export function fits(from: ValueType, to: ValueType): boolean {
  if (from === "unknown" || to === "unknown" || from === "null" || from === to) return true;
  if (isListType(from) && isListType(to)) return fits(from.list, to.list);
  return isObjectType(from) && isObjectType(to);
}

/** Whether two values may be equal, as far as is known. */
export function comparable(a: ValueType, b: ValueType): boolean {
  return fits(a, b) || fits(b, a);
}

/** The type of a value that is one or the other. */
export function joinTypes(a: ValueType, b: ValueType): ValueType {
  if (a === "null" || a === b) return b;
  if (b === "null") return a;
  if (isListType(a) && isListType(b)) return { list: joinTypes(a.list, b.list) };
  return isObjectType(a) && isObjectType(b) ? "object" : "unknown";
}

export function isListType(type: ValueType): type is { readonly list: ValueType } {
  return typeof type === "object" && "list" in type;
}

/** Whether a value is of the type; null is of every type. */
export function matchesType(value: JsonValue, type: ValueType): boolean {
  if (value === null || type === "unknown") return true;
  if (isListType(type)) return isList(value) && value.every((item) => matchesType(item, type.list));
  return kindOf(value) === (typeof type === "string" ? type : "object");
}

function isObjectType(type: ValueType): boolean {
  return type === "object" || (typeof type === "object" && "object" in type);
}
