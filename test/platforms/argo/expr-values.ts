import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@scanflow/core";

export type Value = JsonValue;

/** Whole and other numbers are equal when they are the same number; lists and maps by content. */
export function equal(a: Value, b: Value): boolean {
  return isDeepStrictEqual(a, b);
}

export function compare(operator: string, a: Value, b: Value): boolean {
  const fit =
    (typeof a === "number" && typeof b === "number") || (typeof a === "string" && typeof b === "string");
  if (!fit) throw new Error(`${operator} takes two numbers or two strings, not ${JSON.stringify([a, b])}`);
  const [x, y] = [a as number, b as number];
  if (operator === "<") return x < y;
  if (operator === "<=") return x <= y;
  return operator === ">" ? x > y : x >= y;
}

function ofNumber(compute: (value: number) => number): (value?: Value) => Value {
  return (value) => {
    if (typeof value !== "number") throw new Error(`${JSON.stringify(value)} is no number`);
    return compute(value);
  };
}

function ofString(compute: (value: string) => Value): (value?: Value) => Value {
  return (value) => {
    if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is no string`);
    return compute(value);
  };
}

const least =
  (pick: (...values: number[]) => number) =>
  (list?: Value, ...more: Value[]) => {
    const values = Array.isArray(list) ? list : [list ?? null, ...more];
    if (values.length === 0 || values.some((value) => typeof value !== "number"))
      throw new Error("not enough numbers");
    return pick(...(values as number[]));
  };

/** The functions of expr-lang, and those that Argo adds to them, that our exports use. */
export const builtins: Readonly<Record<string, (...values: Value[]) => Value>> = {
  fromJSON: ofString((text) => JSON.parse(text) as Value),
  toJson: (value) => goJson(value ?? null),
  get: (of, key) => {
    if (Array.isArray(of) && typeof key === "number") return of.at(key) ?? null;
    if (typeof of === "object" && of !== null && typeof key === "string") {
      return Object.hasOwn(of, key) ? ((of as Readonly<Record<string, Value>>)[key] ?? null) : null;
    }
    return null;
  },
  flatten: (list) => flat(list ?? null),
  len: (value) => {
    if (typeof value === "string") return [...value].length;
    if (Array.isArray(value)) return value.length;
    if (typeof value === "object" && value !== null) return Object.keys(value).length;
    throw new Error("len takes a string, a list or a map");
  },
  type: (value) => {
    if (value === null || value === undefined) return "nil";
    if (Array.isArray(value)) return "array";
    if (typeof value === "boolean") return "bool";
    if (typeof value === "object") return "map";
    return typeof value === "number" ? (Number.isInteger(value) ? "int" : "float") : "string";
  },
  replace: (text, from, to) => {
    if (typeof text !== "string") throw new Error("replace takes a string");
    return text.replaceAll(String(from), () => String(to));
  },
  string: (value) => (typeof value === "string" ? value : goJson(value ?? null)),
  int: (value) => {
    const made = typeof value === "string" ? Number.parseInt(value, 10) : Math.trunc(Number(value));
    if (Number.isNaN(made)) throw new Error(`${JSON.stringify(value)} is no whole number`);
    return made;
  },
  float: (value) => {
    const made = Number(value);
    if (Number.isNaN(made)) throw new Error(`${JSON.stringify(value)} is no number`);
    return made;
  },
  min: least(Math.min),
  max: least(Math.max),
  abs: ofNumber(Math.abs),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  round: ofNumber((value) => Math.sign(value) * Math.round(Math.abs(value))),
  lower: ofString((text) => text.toLowerCase()),
  upper: ofString((text) => text.toUpperCase()),
};

function flat(list: Value): readonly Value[] {
  return Array.isArray(list) ? list.flatMap(flat) : [list];
}

/** As Go writes JSON: keys in order, and `<`, `>`, `&` as escapes. */
export function goJson(value: Value): string {
  const sorted = (_: string, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return JSON.stringify(value, sorted).replaceAll(
    /[<>&]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  );
}
