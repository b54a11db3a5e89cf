import type { Matrix } from "./matrix.ts";
import { createFloatSorter } from "./sort.ts";

/** Squared distances between all rows, row by row. */
export function squaredDistances({ rows, columns, values }: Matrix): Float64Array {
  const squares = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a += 1) {
    for (let b = 0; b < a; b += 1) {
      let sum = 0;
      for (let column = 0; column < columns; column += 1) {
        sum += ((values[a * columns + column] as number) - (values[b * columns + column] as number)) ** 2;
      }
      squares[a * rows + b] = sum;
      squares[b * rows + a] = sum;
    }
  }
  return squares;
}

/**
 * The median distance between two of `rows` rows, the usual bandwidth of a Gaussian kernel (Garreau et al. 2018). Where
 * more than half of the pairs are equal, the median of those that are not; 1 where all are.
 */
export function medianDistance(squares: Float64Array, rows: number): number {
  const pairs = new Float64Array((rows * (rows - 1)) / 2);
  let at = 0;
  for (let a = 0; a < rows; a += 1) {
    for (let b = 0; b < a; b += 1) pairs[at++] = squares[a * rows + b] as number;
  }
  const sorted = createFloatSorter()(pairs);
  const median = middle(sorted);
  if (median > 0) return median;
  const unequal = sorted.findIndex((value) => value > 0);
  return unequal < 0 ? 1 : middle(sorted.subarray(unequal));
}

function middle(sorted: Float64Array): number {
  const upper = sorted.length >> 1;
  const lower = sorted.length % 2 === 0 ? upper - 1 : upper;
  return (Math.sqrt(sorted[lower] as number) + Math.sqrt(sorted[upper] as number)) / 2;
}
