import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";
import type { Column } from "./column.ts";
import { type ColumnBatch, columnOf } from "./column-batch.ts";
import { tensorSize } from "./tensor-size.ts";
import { isValid } from "./validity.ts";

/**
 * Numbers of a batch as a matrix with a row per row: for distances, models and tests over several columns at once.
 * Numbers and times are taken as they are, booleans as 0 and 1, and each element of a tensor has a column of its
 * own; a missing value is NaN.
 *
 * @param names which columns, in this order; all but the texts when left out
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when a column is not in the batch, or holds texts
 */
export function toMatrix(batch: ColumnBatch, names?: readonly string[]): Matrix {
  const chosen = names ?? batch.columns.filter(({ kind }) => kind !== "text").map(({ name }) => name);
  const columns = chosen.map((name) => numericColumn(batch, name));
  const widths = columns.map((column) => (column.kind === "tensor" ? tensorSize(column.shape) : 1));
  const width = widths.reduce((sum, own) => sum + own, 0);
  const values = new Float64Array(batch.rows * width);
  let start = 0;
  for (const [place, { values: source, validity }] of columns.entries()) {
    const own = widths[place] as number;
    for (let row = 0; row < batch.rows; row += 1) {
      const valid = isValid(validity, row);
      for (let at = 0; at < own; at += 1) {
        values[row * width + start + at] = valid ? (source[row * own + at] as number) : Number.NaN;
      }
    }
    start += own;
  }
  return { rows: batch.rows, columns: width, values };
}

function numericColumn(batch: ColumnBatch, name: string): Exclude<Column, { kind: "text" }> {
  const column = columnOf(batch, name);
  if (column === undefined || column.kind === "text") {
    const found = column === undefined ? "is not in the batch" : "holds texts, not numbers";
    throw new ChecksError(
      "SCANFLOW_COLUMN_INVALID",
      `Column "${name}" ${found}: name columns of numbers, times, booleans or tensors.`,
    );
  }
  return column;
}
