import { binOf } from "./histogram.ts";

/** Finds the bins of many values in the same cuts. */
export interface BinFinder {
  readonly cuts: readonly number[];
  /** How many cuts are at or below each of the values; of NaN it is any number. */
  binsOf(values: Float64Array, rows: number): Int32Array;
}

/** Cells of equal width over the cuts in the middle, which are close to each other. */
const CELLS = 512;
const OUTER_SHARE = 0.15;

/** A search among the cuts of the value's cell: in the middle there is one or none. @param cuts strictly rising */
export function createBinFinder(cuts: readonly number[]): BinFinder {
  const edges = Float64Array.from(cuts);
  const outer = Math.floor(cuts.length * OUTER_SHARE);
  const low = edges[outer] ?? 0;
  const high = edges[edges.length - 1 - outer] ?? 0;
  const scale = CELLS / (high - low);
  /** How many cuts lie in the cells before each: the first is all that is below the middle, the last all above. */
  const before = new Int32Array(CELLS + 3);

  function cellOf(value: number): number {
    const place = (value - low) * scale;
    if (place < 0) return 0;
    return place < CELLS ? (place | 0) + 1 : CELLS + 1;
  }

  for (const cut of edges) (before[cellOf(cut) + 1] as number) += 1;
  for (let cell = 1; cell < before.length; cell += 1) (before[cell] as number) += before[cell - 1] as number;

  function binsOf(values: Float64Array, rows: number): Int32Array {
    const bins = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const value = values[row] as number;
      const cell = cellOf(value);
      let first = before[cell] as number;
      let last = before[cell + 1] as number;
      while (first < last) {
        const middle = (first + last) >>> 1;
        if ((edges[middle] as number) <= value) first = middle + 1;
        else last = middle;
      }
      bins[row] = first;
    }
    return bins;
  }

  function searched(values: Float64Array, rows: number): Int32Array {
    return Int32Array.from(values.subarray(0, rows), (value) => binOf(edges, value));
  }

  return { cuts, binsOf: Number.isFinite(scale) && scale > 0 ? binsOf : searched };
}
