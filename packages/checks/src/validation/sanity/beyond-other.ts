import type { ColumnBatch } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { SliceFeature } from "../../slices/table/slice-table.ts";

interface Extremes {
  readonly low: number;
  readonly high: number;
}

/**
 * Two tables' rows by whether a number lies beyond the extremes of the other table: per column of numbers, one feature
 * for either table as the other. The first part is what lies between, or is missing.
 *
 * @param both rows of the first table, then of the second
 * @param first how many rows the first has
 */
export function beyondOther(both: ColumnBatch, first: number): SliceFeature[] {
  return both.columns.flatMap((column): SliceFeature[] => {
    if (column.kind !== "number") return [];
    const { name, values, validity } = column;
    const valueAt = (row: number) => (isValid(validity, row) ? (values[row] as number) : Number.NaN);
    return [extremesOf(valueAt, [0, first]), extremesOf(valueAt, [first, both.rows])].flatMap((extremes) => {
      const feature = featureOf(name, extremes, { rows: both.rows, valueAt });
      return feature === null ? [] : [feature];
    });
  });
}

function extremesOf(valueAt: (row: number) => number, [from, to]: readonly [number, number]): Extremes {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = from; row < to; row += 1) {
    const value = valueAt(row);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function featureOf(
  column: string,
  { low, high }: Extremes,
  { rows, valueAt }: { readonly rows: number; readonly valueAt: (row: number) => number },
): SliceFeature | null {
  if (low > high) return null;
  const codes = new Uint8Array(rows);
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows; row += 1) {
    const value = valueAt(row);
    if (value < low) codes[row] = 1;
    else if (value > high) {
      codes[row] = 2;
      least = Math.min(least, value);
    }
  }
  return {
    column,
    ordered: false,
    codes,
    parts: [
      { column, kind: "range", low, high },
      { column, kind: "range", low: null, high: low },
      { column, kind: "range", low: Number.isFinite(least) ? least : high, high: null },
    ],
  };
}
