import type { Column, TextColumn } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { isoTime } from "../batch/iso-time.ts";
import { isValid, noneValid, setValid } from "../batch/validity.ts";
import { formOf } from "../profile/text-form.ts";
import type { Schema, SchemaType } from "./schema.ts";
import { createSpots, type Spots } from "./spots.ts";

/** A batch whose columns are as a schema's types want them where they can be, so that equal rows look equal. */
export function fitBatch(batch: ColumnBatch, { columns }: Schema): ColumnBatch {
  const fitted = batch.columns.map((column) => {
    const rule = Object.hasOwn(columns, column.name) ? columns[column.name] : undefined;
    if (rule === undefined) return column;
    return fitColumn(column, rule.type, { firstRow: 0, misfits: createSpots() }) ?? column;
  });
  return { rows: batch.rows, columns: fitted };
}

/**
 * A column as its schema's type wants it. Texts that are written as numbers, times or booleans are read as such, so
 * that one bad cell does not hide all others; those that are not are put into `misfits` and then pass for missing.
 *
 * @returns null when it is of quite another kind
 */
export function fitColumn(
  column: Column,
  type: SchemaType,
  { firstRow, misfits }: { readonly firstRow: number; readonly misfits: Spots },
): Column | null {
  const kind = type === "integer" ? "number" : type;
  if (column.kind === kind) return column;
  if (kind === "text") return textsOf(column);
  if (kind === "boolean" && column.kind === "number") return booleansOfNumbers(column, firstRow, misfits);
  if (column.kind !== "text" || kind === "tensor") return null;
  return readTexts(column, kind, { firstRow, misfits });
}

const BOOLEANS: Readonly<Record<string, number>> = { true: 1, false: 0, "1": 1, "0": 0 };

function readText(text: string, kind: "number" | "time" | "boolean"): number {
  if (kind === "number") return formOf(text) === "number" ? Number(text) : Number.NaN;
  if (kind === "time")
    return formOf(text) === "time" ? Date.parse(text.trim().replace(" ", "T")) : Number.NaN;
  return BOOLEANS[text.trim().toLowerCase()] ?? Number.NaN;
}

function readTexts(
  column: TextColumn,
  kind: "number" | "time" | "boolean",
  { firstRow, misfits }: { readonly firstRow: number; readonly misfits: Spots },
): Column {
  const read = column.dictionary.map((text) => readText(text, kind));
  const rows = column.codes.length;
  const values = new Float64Array(rows).fill(Number.NaN);
  const validity = noneValid(rows);
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(column.validity, row)) continue;
    const code = column.codes[row] as number;
    const text = column.dictionary[code] ?? "";
    const value = read[code] as number;
    if (text.trim() === "") continue;
    if (Number.isNaN(value)) misfits.add(firstRow + row, text);
    else {
      values[row] = value;
      setValid(validity, row);
    }
  }
  const { name } = column;
  if (kind === "number") return { kind, name, validity, values, integer: false };
  if (kind === "time") return { kind, name, validity, values };
  return { kind, name, validity, values: Uint8Array.from(values, (value) => (value === 1 ? 1 : 0)) };
}

function booleansOfNumbers(column: Column & { kind: "number" }, firstRow: number, misfits: Spots): Column {
  const rows = column.values.length;
  const validity = noneValid(rows);
  for (let row = 0; row < rows; row += 1) {
    const value = column.values[row] as number;
    if (!isValid(column.validity, row)) continue;
    if (value === 0 || value === 1) setValid(validity, row);
    else misfits.add(firstRow + row, value);
  }
  return {
    kind: "boolean",
    name: column.name,
    validity,
    values: Uint8Array.from(column.values, (value) => (value === 1 ? 1 : 0)),
  };
}

function textsOf(column: Column): TextColumn | null {
  if (column.kind === "tensor" || column.kind === "text") return null;
  const places = new Map<string, number>();
  const codes = Int32Array.from(column.values, (value) => {
    const text = textOf(value, column.kind);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return {
    kind: "text",
    name: column.name,
    validity: column.validity,
    dictionary: [...places.keys()],
    codes,
  };
}

function textOf(value: number, kind: "number" | "time" | "boolean"): string {
  if (kind === "boolean") return value === 1 ? "true" : "false";
  return (kind === "time" ? isoTime(value) : null) ?? String(value);
}
