import { ChecksError } from "../errors.ts";
import type { Column } from "./column.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { isoTime } from "./iso-time.ts";
import { noneValid, setValid, type Validity } from "./validity.ts";

/** What a column may be made of: its values by row, `null` and `undefined` where one is missing. */
export type ColumnValues = ArrayLike<number | bigint | string | boolean | Date | null | undefined>;

/**
 * Makes a batch of plain arrays, such as rows that a program has at hand. A column's kind is that of its values;
 * values of several kinds make a column of texts, which data validation then finds to be mixed.
 *
 * ```ts
 * import { batchOf } from "@scanflow/checks";
 *
 * const batch = batchOf({ age: [31, null, 54], city: ["Bonn", "Graz", "Graz"] });
 * console.log(batch.rows, batch.columns.map(({ kind }) => kind)); // 3 [ 'number', 'text' ]
 * ```
 *
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when the columns differ in length, or a value is none of these kinds
 */
export function batchOf(columns: Readonly<Record<string, ColumnValues>>): ColumnBatch {
  const entries = Object.entries(columns);
  const [first] = entries;
  const rows = first?.[1].length ?? 0;
  const other = entries.find(([, values]) => values.length !== rows);
  if (first !== undefined && other !== undefined) {
    throw new ChecksError(
      "SCANFLOW_COLUMN_INVALID",
      `Column "${other[0]}" has ${other[1].length} rows, but "${first[0]}" has ${rows}: ` +
        "give columns of one table, with null where a value is missing.",
    );
  }
  return { rows, columns: entries.map(([name, values]) => columnFrom(name, values)) };
}

function columnFrom(name: string, values: ColumnValues): Column {
  if (values instanceof Float64Array) {
    return { kind: "number", name, validity: null, values, integer: values.every(Number.isInteger) };
  }
  const validity = validityOf(values);
  const kinds = kindsOf(name, values);
  if (kinds.size === 1 && kinds.has("boolean")) {
    return {
      kind: "boolean",
      name,
      validity,
      values: Uint8Array.from(values, (value) => Number(value ?? 0)),
    };
  }
  if (kinds.size === 1 && kinds.has("time")) {
    return { kind: "time", name, validity, values: numbersOf(values) };
  }
  if (kinds.has("text") || kinds.size > 1) return textColumn({ name, values, validity });
  const numbers = numbersOf(values);
  const integer = numbers.every((value, row) => Number.isInteger(value) || values[row] == null);
  return { kind: "number", name, validity, values: numbers, integer };
}

function validityOf(values: ColumnValues): Validity | null {
  const validity = noneValid(values.length);
  let missing = 0;
  for (let row = 0; row < values.length; row += 1) {
    if (values[row] == null) missing += 1;
    else setValid(validity, row);
  }
  return missing === 0 ? null : validity;
}

function kindsOf(name: string, values: ColumnValues): Set<"number" | "boolean" | "text" | "time"> {
  const kinds = new Set<"number" | "boolean" | "text" | "time">();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value == null) continue;
    if (typeof value === "number" || typeof value === "bigint") kinds.add("number");
    else if (typeof value === "boolean") kinds.add("boolean");
    else if (typeof value === "string") kinds.add("text");
    else if (value instanceof Date) kinds.add("time");
    else {
      throw new ChecksError(
        "SCANFLOW_COLUMN_INVALID",
        `Column "${name}" holds a value of type ${typeof value} in row ${row}: ` +
          "give numbers, texts, booleans or dates, and null where a value is missing.",
      );
    }
  }
  return kinds;
}

function numbersOf(values: ColumnValues): Float64Array {
  return Float64Array.from(values, (value) => (value == null ? Number.NaN : Number(value)));
}

/** A text column with each distinct text once. */
export function textColumn({
  name,
  values,
  validity,
}: {
  readonly name: string;
  readonly values: ColumnValues;
  readonly validity: Validity | null;
}): Column {
  const places = new Map<string, number>();
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value == null) continue;
    const text = value instanceof Date ? (isoTime(value.getTime()) ?? "invalid date") : String(value);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    codes[row] = place;
  }
  return { kind: "text", name, validity, dictionary: [...places.keys()], codes };
}
