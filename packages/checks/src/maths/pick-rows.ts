import type { Random } from "../random/random.ts";
import { shuffledPlaces } from "../random/shuffle.ts";
import type { Matrix } from "./matrix.ts";

/** These rows, in this order. */
export function pickRows({ columns, values }: Matrix, rows: ArrayLike<number>): Matrix {
  const picked = new Float64Array(rows.length * columns);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as number;
    picked.set(values.subarray(row * columns, (row + 1) * columns), at * columns);
  }
  return { rows: rows.length, columns, values: picked };
}

/** The rows of both, the first one's before the second's. @param second of as many columns */
export function joinRows(first: Matrix, second: Matrix): Matrix {
  const values = new Float64Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { rows: first.rows + second.rows, columns: first.columns, values };
}

/** Halves rows at random; the second half has the odd one. */
export function halveRows(matrix: Matrix, random: Random): readonly [Matrix, Matrix] {
  const order = shuffledPlaces(matrix.rows, random);
  const half = matrix.rows >> 1;
  return [pickRows(matrix, order.subarray(0, half)), pickRows(matrix, order.subarray(half))];
}
