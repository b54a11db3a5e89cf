import type { NumericColumn } from "./numeric-columns.ts";

/** A column taken apart. */
export interface ScannedColumn {
  readonly finite: Float64Array;
  readonly nulls: number;
  readonly infinite: number;
  /** The first entry that is neither a number nor missing. */
  readonly wrong: { readonly row: number; readonly value: unknown } | null;
}

export function scanColumn(column: NumericColumn): ScannedColumn {
  const finite = new Float64Array(column.length);
  let count = 0;
  let nulls = 0;
  let infinite = 0;
  for (let row = 0; row < column.length; row += 1) {
    const value: unknown = column[row];
    if (value === null || value === undefined) nulls += 1;
    else if (typeof value !== "number") return { finite, nulls, infinite, wrong: { row, value } };
    else if (Number.isNaN(value)) nulls += 1;
    else if (!Number.isFinite(value)) infinite += 1;
    else {
      finite[count] = value + 0; // Turns -0 into 0, which JSON cannot tell apart.
      count += 1;
    }
  }
  return { finite: finite.subarray(0, count), nulls, infinite, wrong: null };
}
