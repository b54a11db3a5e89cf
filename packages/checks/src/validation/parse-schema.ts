import { ChecksError } from "../errors.ts";
import type { JsonObject, JsonValue } from "../json/json.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { ColumnSchema, CorrelationSchema, KeySchema, Schema, SchemaType } from "./schema.ts";
import { matcherOf } from "./text-pattern.ts";

const ACTION = "Mend the file, or infer the schema again.";
const read = createJsonReader("SCANFLOW_SCHEMA_INVALID", "The schema", ACTION);

const TYPES: readonly SchemaType[] = ["number", "integer", "boolean", "text", "time", "tensor"];
const SEVERITIES = ["alarm", "warning"] as const;
const ELEMENTS = ["integer", "number"] as const;
const UNKNOWN = ["alarm", "warning", "allow"] as const;

type Reader<Value> = (value: unknown, path: string) => Value;

/** How each field of a column is read; a field that is not here is a misspelt one. */
const COLUMN: { readonly [Key in keyof Required<ColumnSchema>]: Reader<Required<ColumnSchema>[Key]> } = {
  type: (value, path) => read.oneOf(TYPES, value, path),
  required: read.boolean,
  severity: (value, path) => read.oneOf(SEVERITIES, value, path),
  missing: shareOf,
  range: rangeOf,
  outside: shareOf,
  limits: rangeOf,
  nonFinite: shareOf,
  beyond: (value, path) => {
    const { mean, sd, k, share } = only(read.object(value, path), ["mean", "sd", "k", "share"], path);
    return {
      mean: read.finite(mean, `${path}.mean`),
      sd: positive(sd, `${path}.sd`),
      k: positive(k, `${path}.k`),
      share: shareOf(share, `${path}.share`),
    };
  },
  values: (value, path) => read.list(value, path).map((text, at) => textOf(text, `${path}[${at}]`)),
  others: shareOf,
  pattern: (value, path) => {
    const pattern = read.text(value, path);
    matcherOf(pattern);
    return pattern;
  },
  unmatched: shareOf,
  length: rangeOf,
  lengthOutside: shareOf,
  numeric: shareOf,
  commonest: shareOf,
  shape: (value, path) => read.list(value, path).map((length, at) => read.whole(length, `${path}[${at}]`)),
  elements: (value, path) => read.oneOf(ELEMENTS, value, path),
  peak: read.finite,
  belowPeak: shareOf,
};

const TABLE: { readonly [Key in keyof Required<Schema>]: Reader<Required<Schema>[Key]> } = {
  format: (value, path) => read.oneOf(["scanflow-schema"], value, path),
  version: (value, path) => (value === 1 ? 1 : read.fail(path, value, "1, the version that is read here")),
  rows: read.whole,
  significance: (value, path) => {
    const chance = shareOf(value, path);
    return chance > 0 && chance < 1 ? chance : read.fail(path, value, "a chance between 0 and 1");
  },
  unknownColumns: (value, path) => read.oneOf(UNKNOWN, value, path),
  label: read.text,
  classes: (value, path) => mapOf(value, path, shareRange),
  duplicates: shareOf,
  conflicts: shareOf,
  overlap: shareOf,
  keys: (value, path) =>
    read.list(value, path).map((key, at): KeySchema => {
      const { columns, repeats } = only(
        read.object(key, `${path}[${at}]`),
        ["columns", "repeats"],
        `${path}[${at}]`,
      );
      const names = namesOf(columns, `${path}[${at}].columns`);
      if (repeats === undefined) return { columns: names };
      return { columns: names, repeats: shareOf(repeats, `${path}[${at}].repeats`) };
    }),
  correlations: (value, path) =>
    read.list(value, path).map((pair, at): CorrelationSchema => {
      const own = `${path}[${at}]`;
      const { columns, range } = only(read.object(pair, own), ["columns", "range"], own);
      const [first, second, ...more] = namesOf(columns, `${own}.columns`);
      if (first === undefined || second === undefined || more.length > 0)
        return read.fail(`${own}.columns`, columns, "the names of two columns");
      return { columns: [first, second], range: rangeOf(range, `${own}.range`) };
    }),
  columns: (value, path) =>
    mapOf(value, path, (column, own) => {
      const fields = fieldsOf<ColumnSchema>(read.object(column, own), COLUMN, own);
      return fields.type === undefined
        ? read.fail(`${own}.type`, undefined, `one of ${TYPES.join(", ")}`)
        : fields;
    }),
};

/**
 * Reads a schema as a person left it: every field is checked, and one that is unknown or misspelt is refused rather
 * than passed over. What `writeSchema` wrote is read unchanged.
 *
 * @param input JSON text, or the document that a YAML or JSON reader made of it
 * @throws ChecksError SCANFLOW_SCHEMA_INVALID naming the field that is wrong
 */
export function parseSchema(input: unknown): Schema {
  const document = read.document(input);
  const schema = fieldsOf<Schema>(document, TABLE, "");
  for (const field of ["format", "version", "columns"] as const)
    if (schema[field] === undefined) read.fail(field, undefined, "there");
  const complete = { ...schema, rows: schema.rows ?? 0 };
  const { label } = complete;
  if (label !== undefined && !Object.hasOwn(complete.columns, label))
    read.fail(
      "label",
      label,
      `one of its columns (${Object.keys(complete.columns).slice(0, 10).join(", ")})`,
    );
  return complete;
}

function fieldsOf<Shape extends object>(
  object: JsonObject,
  readers: { readonly [Key in keyof Required<Shape>]: Reader<Required<Shape>[Key]> },
  path: string,
): Shape {
  const known = Object.keys(readers);
  only(object, known, path);
  const entries = Object.entries(readers as Record<string, Reader<unknown>>).flatMap(([field, reader]) => {
    const value = object[field];
    return value === undefined ? [] : [[field, reader(value, path === "" ? field : `${path}.${field}`)]];
  });
  return Object.fromEntries(entries) as Shape;
}

function only(object: JsonObject, known: readonly string[], path: string): JsonObject {
  const other = Object.keys(object).find((field) => !known.includes(field));
  if (other === undefined) return object;
  throw new ChecksError(
    "SCANFLOW_SCHEMA_INVALID",
    `The schema: "${path === "" ? other : `${path}.${other}`}" is no field of a schema, which has ${known.join(", ")}. ${ACTION}`,
  );
}

function mapOf<Value>(value: unknown, path: string, reader: Reader<Value>): Record<string, Value> {
  const entries = Object.entries(read.object(value, path));
  return Object.fromEntries(entries.map(([name, own]) => [name, reader(own, `${path}.${name}`)]));
}

function shareOf(value: unknown, path: string): number {
  const share = read.finite(value, path);
  return share >= 0 && share <= 1 ? share : read.fail(path, value, "a share from 0 to 1");
}

function positive(value: unknown, path: string): number {
  const number = read.finite(value, path);
  return number > 0 ? number : read.fail(path, value, "a number above 0");
}

function rangeOf(value: unknown, path: string): readonly [number, number] {
  const [low, high, ...more] = read.list(value, path);
  const range = [read.finite(low, `${path}[0]`), read.finite(high, `${path}[1]`)] as const;
  return more.length === 0 && range[0] <= range[1]
    ? range
    : read.fail(path, value, "the least and the greatest, in this order");
}

function shareRange(value: unknown, path: string): readonly [number, number] {
  const range = rangeOf(value, path);
  for (const [at, share] of range.entries()) shareOf(share, `${path}[${at}]`);
  return range;
}

/** A text that a YAML file may have as a number or a boolean: 1 and "1" mean the same here. */
function textOf(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value as JsonValue);
  return read.fail(path, value, "a text");
}

function namesOf(value: unknown, path: string): string[] {
  const names = read.list(value, path).map((name, at) => read.text(name, `${path}[${at}]`));
  return names.length > 0 ? names : read.fail(path, value, "a list of at least one column");
}
