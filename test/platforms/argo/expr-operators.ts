import { compare, equal, type Value } from "./expr-values.ts";

/** A binary operator whose sides have values. */
export function combined(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case "==":
      return equal(a, b);
    case "!=":
      return !equal(a, b);
    case "in":
      if (Array.isArray(b)) return b.some((item) => equal(item, a));
      if (typeof b === "object" && b !== null) return Object.hasOwn(b, String(a));
      throw new Error("in takes a list or a map");
    case "..":
      return Array.from({ length: Math.max(0, number(b) - number(a) + 1) }, (_, at) => number(a) + at);
    case "contains":
      return string(a).includes(string(b));
    case "startsWith":
      return string(a).startsWith(string(b));
    case "endsWith":
      return string(a).endsWith(string(b));
    case "+":
      return typeof a === "string" ? a + string(b) : number(a) + number(b);
    case "-":
      return number(a) - number(b);
    case "*":
      return number(a) * number(b);
    case "/":
      return number(a) / number(b);
    default:
      return compare(operator, a, b);
  }
}

/** `of.key` and `of[key]`. */
export function field(of: Value, key: Value): Value {
  if (Array.isArray(of)) {
    const item = (of as readonly Value[])[number(key)];
    if (item === undefined) throw new Error(`there is no item ${String(key)}`);
    return item;
  }
  if (typeof of !== "object" || of === null)
    throw new Error(`cannot fetch ${String(key)} from ${String(of)}`);
  return (of as Readonly<Record<string, Value>>)[string(key)] ?? null;
}

export function truth(value: Value): boolean {
  if (typeof value !== "boolean") throw new Error(`${JSON.stringify(value)} is neither true nor false`);
  return value;
}

export function number(value: Value): number {
  if (typeof value !== "number") throw new Error(`${JSON.stringify(value)} is no number`);
  return value;
}

function string(value: Value): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is no string`);
  return value;
}
