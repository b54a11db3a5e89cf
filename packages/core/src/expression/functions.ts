import type { JsonValue } from "../json.ts";
import { quantityOf } from "./quantity.ts";
import type { ValueType } from "./value-type.ts";
import { equalValues, finite, isList } from "./values.ts";

/** One way to call a function. */
export interface Signature {
  readonly parameters: readonly ValueType[];
  /** Type of any further arguments. */
  readonly rest?: ValueType;
}

/** A function of the expression language. */
export interface FunctionInfo {
  readonly signatures: readonly Signature[];
  /** `joined`: whatever its arguments have in common. */
  readonly result: ValueType | "joined";
  /** `propagate`: any null argument gives null. `accept`: the function itself says what null means. */
  readonly nulls: "propagate" | "accept";
  readonly doc: string;
  /** Its arguments fit one of the signatures. */
  readonly apply: (values: readonly JsonValue[]) => JsonValue;
}

const ofNumber = { signatures: [{ parameters: ["number"] }], result: "number", nulls: "propagate" } as const;
const ofString = { signatures: [{ parameters: ["string"] }], result: "string", nulls: "propagate" } as const;
const ofStrings = {
  ...ofString,
  signatures: [{ parameters: ["string", "string"] }],
  result: "boolean",
} as const;
const ofNumbers = {
  signatures: [{ parameters: [{ list: "number" }] }, { parameters: ["number"], rest: "number" }],
  result: "number",
  nulls: "accept",
} as const;
const ofScalar = {
  signatures: [{ parameters: ["string"] }, { parameters: ["number"] }, { parameters: ["boolean"] }],
  nulls: "propagate",
} as const;

/** Every function of the expression language. */
export const FUNCTIONS: Readonly<Record<string, FunctionInfo>> = {
  min: {
    ...ofNumbers,
    doc: "The least of several numbers or of a list; passes over null; null when there is none.",
    apply: (values) => pick(values, (a, b) => Math.min(a, b)),
  },
  max: {
    ...ofNumbers,
    doc: "The greatest of several numbers or of a list; passes over null; null when there is none.",
    apply: (values) => pick(values, (a, b) => Math.max(a, b)),
  },
  abs: { ...ofNumber, doc: "The number without its sign.", apply: (values) => number(values, Math.abs) },
  round: {
    ...ofNumber,
    doc: "The nearest whole number; halves go away from zero.",
    apply: (values) => number(values, (value) => Math.sign(value) * Math.round(Math.abs(value))),
  },
  floor: {
    ...ofNumber,
    doc: "The next whole number below, or the number itself.",
    apply: (values) => number(values, Math.floor),
  },
  ceil: {
    ...ofNumber,
    doc: "The next whole number above, or the number itself.",
    apply: (values) => number(values, Math.ceil),
  },
  len: {
    signatures: [
      { parameters: ["string"] },
      { parameters: [{ list: "unknown" }] },
      { parameters: ["object"] },
    ],
    result: "number",
    nulls: "propagate",
    doc: "How many characters (Unicode code points) a string, items a list, or fields an object has.",
    apply: ([value]) => lengthOf(value),
  },
  lower: { ...ofString, doc: "The string in lower case.", apply: ([value]) => text(value).toLowerCase() },
  upper: { ...ofString, doc: "The string in upper case.", apply: ([value]) => text(value).toUpperCase() },
  contains: {
    signatures: [{ parameters: ["string", "string"] }, { parameters: [{ list: "unknown" }, "unknown"] }],
    result: "boolean",
    nulls: "propagate",
    doc: "Whether the first, a string or a list, holds the second: `contains(a, b)` is `b in a`.",
    apply: ([whole, part]) => holds(whole ?? null, part ?? null),
  },
  startswith: {
    ...ofStrings,
    doc: "Whether the first string starts with the second.",
    apply: ([whole, part]) => text(whole).startsWith(text(part)),
  },
  endswith: {
    ...ofStrings,
    doc: "Whether the first string ends with the second.",
    apply: ([whole, part]) => text(whole).endsWith(text(part)),
  },
  coalesce: {
    signatures: [{ parameters: ["unknown"], rest: "unknown" }],
    result: "joined",
    nulls: "accept",
    doc: "The first argument that is not null.",
    apply: (values) => values.find((value) => value !== null) ?? null,
  },
  exists: {
    signatures: [{ parameters: ["unknown"] }],
    result: "boolean",
    nulls: "accept",
    doc: "Whether a reference has a value other than null; false as well where the path leads nowhere.",
    apply: ([value]) => value !== null,
  },
  string: {
    ...ofScalar,
    result: "string",
    doc: "The text of a number, string or boolean.",
    apply: ([value]) => String(value),
  },
  number: {
    ...ofScalar,
    result: "number",
    doc: "The number that a text such as `-1.5e3` or `16GiB` says, null when it says none; 1 for true, 0 for false.",
    apply: ([value]) => (typeof value === "string" ? numberIn(value) : Number(value)),
  },
};

/** Whether a list has the item, or a string the part. */
export function holds(whole: JsonValue, part: JsonValue): boolean {
  if (isList(whole)) return whole.some((item) => equalValues(item, part));
  return text(whole).includes(text(part));
}

function pick(values: readonly JsonValue[], better: (a: number, b: number) => number): JsonValue {
  const [first] = values;
  const candidates = isList(first) ? first : values;
  let best: number | undefined;
  for (const value of candidates) {
    if (typeof value === "number") best = best === undefined ? value : better(best, value);
  }
  return best === undefined ? null : finite(best);
}

function number([value]: readonly JsonValue[], compute: (value: number) => number): JsonValue {
  return typeof value === "number" ? finite(compute(value)) : null;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function lengthOf(value: JsonValue | undefined): JsonValue {
  if (typeof value === "string") return Array.from(value).length;
  if (isList(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : null;
}

function numberIn(value: string): number | null {
  const trimmed = value.trim();
  const negative = trimmed.startsWith("-");
  const quantity = quantityOf(negative || trimmed.startsWith("+") ? trimmed.slice(1) : trimmed);
  return quantity === undefined ? null : finite(negative ? -quantity : quantity);
}
