import { ChecksError } from "../errors.ts";
import type { Column, TextColumn } from "./column.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { tensorSize } from "./tensor-size.ts";
import { isValid } from "./validity.ts";

/**
 * Makes sure that a batch made by hand is what it says: as many values as rows in each column, a bit of validity for
 * each row, codes that the dictionary has, names that differ. To be used where batches come in from outside; one from `batchOf` is right.
 *
 * @throws ChecksError SCANFLOW_COLUMN_INVALID naming the first column that is wrong
 */
export function checkBatch({ rows, columns }: ColumnBatch): void {
  if (!Number.isSafeInteger(rows) || rows < 0) {
    throw new ChecksError(
      "SCANFLOW_COLUMN_INVALID",
      `A batch has ${rows} rows: give a whole number from 0 on.`,
    );
  }
  const names = new Set<string>();
  for (const column of columns) {
    if (names.has(column.name)) {
      const message = `There are two columns "${column.name}" in a batch: give each a name of its own.`;
      throw new ChecksError("SCANFLOW_COLUMN_INVALID", message);
    }
    names.add(column.name);
    const problem = problemOf(column, rows);
    if (problem === null) continue;
    const message = `Column "${column.name}" of a batch of ${rows} rows ${problem}: make the batch anew.`;
    throw new ChecksError("SCANFLOW_COLUMN_INVALID", message);
  }
}

function problemOf(column: Column, rows: number): string | null {
  const { kind, validity } = column;
  const bytes = (rows + 7) >>> 3;
  if (validity !== null && validity.length < bytes) {
    return `has ${validity.length} bytes of validity instead of ${bytes}`;
  }
  const values = kind === "text" ? column.codes : column.values;
  const size = kind === "tensor" ? tensorSize(column.shape) : 1;
  if (values.length !== rows * size) return `has ${values.length} values instead of ${rows * size}`;
  return kind === "text" ? wrongCode(column, rows) : null;
}

function wrongCode({ codes, dictionary, validity }: TextColumn, rows: number): string | null {
  for (let row = 0; row < rows; row += 1) {
    const code = codes[row] as number;
    if (code >= 0 && code < dictionary.length) continue;
    if (!isValid(validity, row)) continue;
    return `has the code ${code} in row ${row}, with a dictionary of ${dictionary.length} texts`;
  }
  return null;
}
