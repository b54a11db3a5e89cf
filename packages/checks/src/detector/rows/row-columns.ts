import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { tensorSize } from "../../batch/tensor-size.ts";
import { isValid } from "../../batch/validity.ts";
import { ChecksError } from "../../errors.ts";

/** A column as a detector reads it; its place in a row of numbers follows from those before it. */
export type RowColumn =
  | { readonly name: string; readonly kind: "number" | "time" | "boolean" }
  /** One number: the text's place among the categories, −1 for another text. */
  | { readonly name: string; readonly kind: "text"; readonly categories: readonly string[] }
  | { readonly name: string; readonly kind: "tensor"; readonly shape: readonly number[] };

/** Categories that have a place of their own; the rarer ones share one. */
const mostCategories = 50;

/** The columns of reference data, with the categories of texts from the most frequent on. */
export function learnColumns(batch: ColumnBatch, names: readonly string[]): readonly RowColumn[] {
  return names.map((name): RowColumn => {
    const column = requireColumn(batch, name);
    switch (column.kind) {
      case "text":
        return { name, kind: "text", categories: frequentTexts(column, batch.rows) };
      case "tensor":
        if (tensorSize(column.shape) > 0) return { name, kind: "tensor", shape: column.shape };
        throw invalid(name, `has rows of the shape [${column.shape}], without a single number`);
      default:
        return { name, kind: column.kind };
    }
  });
}

/** How many numbers a row has. */
export function rowWidth(columns: readonly RowColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0);
}

export function widthOf(column: RowColumn): number {
  return column.kind === "tensor" ? tensorSize(column.shape) : 1;
}

/**
 * Rows as numbers, one after the other; NaN where a value is missing. Not to be changed: they may be the batch's own.
 *
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when a column is missing, or of another kind or shape than was learnt
 */
export function rowsOf(batch: ColumnBatch, columns: readonly RowColumn[]): Float32Array {
  const whole = wholeTensor(batch, columns);
  if (whole !== null) return whole;
  const width = rowWidth(columns);
  const rows = new Float32Array(batch.rows * width);
  let start = 0;
  for (const wanted of columns) {
    const column = requireColumn(batch, wanted.name);
    requireLike(column, wanted, batch.rows);
    const own = widthOf(wanted);
    const values = valuesOf(column, wanted);
    for (let row = 0; row < batch.rows; row += 1) {
      const valid = isValid(column.validity, row);
      for (let at = 0; at < own; at += 1) {
        rows[row * width + start + at] = valid ? (values[row * own + at] ?? Number.NaN) : Number.NaN;
      }
    }
    start += own;
  }
  return rows;
}

/** The numbers of a single tensor without missing rows: they are the rows as they are, and need no copy. */
function wholeTensor(batch: ColumnBatch, columns: readonly RowColumn[]): Float32Array | null {
  const [wanted] = columns;
  if (columns.length !== 1 || wanted?.kind !== "tensor") return null;
  const column = requireColumn(batch, wanted.name);
  requireLike(column, wanted, batch.rows);
  if (column.kind !== "tensor" || column.validity !== null) return null;
  return column.values.length === batch.rows * widthOf(wanted) ? column.values : null;
}

function valuesOf(column: Column, wanted: RowColumn): ArrayLike<number> {
  if (column.kind !== "text" || wanted.kind !== "text") return column.kind === "text" ? [] : column.values;
  const places = new Map(wanted.categories.map((text, place) => [text, place]));
  const codes = column.dictionary.map((text) => places.get(text) ?? -1);
  return Float32Array.from(column.codes, (code) => codes[code] ?? Number.NaN);
}

function frequentTexts(column: Extract<Column, { kind: "text" }>, rows: number): readonly string[] {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(column.validity, row)) continue;
    const text = column.dictionary[column.codes[row] ?? 0] ?? "";
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
  return sorted.slice(0, mostCategories).map(([text]) => text);
}

function requireColumn(batch: ColumnBatch, name: string): Column {
  const column = columnOf(batch, name);
  if (column !== undefined) return column;
  const there = batch.columns.map((one) => `"${one.name}"`).join(", ");
  throw invalid(name, `is not there, only ${there || "no column"}`);
}

function requireLike(column: Column, wanted: RowColumn, rows: number): void {
  const empty = column.validity?.every((byte) => byte === 0) ?? rows === 0;
  if (column.kind !== wanted.kind && !(empty && wanted.kind !== "tensor")) {
    throw invalid(wanted.name, `holds ${column.kind}s, but the detector was fitted to ${wanted.kind}s`);
  }
  if (column.kind === "tensor" && wanted.kind === "tensor" && column.shape.join() !== wanted.shape.join()) {
    throw invalid(
      wanted.name,
      `has rows of the shape [${column.shape}], but the detector takes [${wanted.shape}]`,
    );
  }
}

function invalid(name: string, reason: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `Column "${name}" ${reason}: give the columns that the detector was fitted to.`,
  );
}
