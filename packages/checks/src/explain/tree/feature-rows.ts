import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

/**
 * Rows of a table as a model takes them: its features by name, categories as their numbers, booleans as 0 and 1. What is
 * missing, or a category that the model never saw, is NaN.
 *
 * @param columns which column each feature is; default: that of its name
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID when a column is not there, or holds texts whose numbers are not known
 */
export function featureRows(
  { features, levels }: Pick<TreeEnsemble, "features" | "levels">,
  batch: ColumnBatch,
  columns: readonly string[] = features,
): Matrix {
  const values = new Float64Array(batch.rows * columns.length);
  for (const [at, name] of columns.entries()) {
    const own = levels.get(features[at] ?? "");
    const column = columnOf(batch, name);
    const read =
      column === undefined ? fail(name, "is not there") : own ? levelReader(column, own) : reader(column);
    for (let row = 0; row < batch.rows; row += 1) {
      values[row * columns.length + at] = isValid(column?.validity ?? null, row) ? read(row) : Number.NaN;
    }
  }
  return { rows: batch.rows, columns: columns.length, values };
}

function reader(column: Column): (row: number) => number {
  if (column.kind === "text")
    return fail(column.name, "holds texts whose numbers the model file does not tell");
  if (column.kind === "tensor") return fail(column.name, "holds arrays");
  return (row) => column.values[row] as number;
}

function levelReader(column: Column, levels: readonly string[]): (row: number) => number {
  const places = new Map(levels.map((level, at) => [level, at]));
  const placeOf = (text: string) => places.get(text) ?? Number.NaN;
  if (column.kind === "tensor") return fail(column.name, "holds arrays");
  if (column.kind === "text") return (row) => placeOf(column.dictionary[column.codes[row] as number] ?? "");
  if (column.kind === "boolean") return (row) => placeOf(column.values[row] === 1 ? "true" : "false");
  return (row) => placeOf(String(column.values[row]));
}

function fail(column: string, found: string): never {
  throw new ChecksError(
    "SCANFLOW_EXPLAIN_INPUT_INVALID",
    `Column "${column}" ${found}: give the columns that the model was fitted on, as they were then.`,
  );
}
