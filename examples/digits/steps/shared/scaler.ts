import { createMatrix, type Matrix, rowOf } from "./matrix.ts";

/**
 * Shift of each column and one scale for all, so that the rows it was fitted on have mean 0 in every column and
 * standard deviation 1 over all. All pixels are in one unit; a scale of its own would blow up the pixels at the rim,
 * which hardly ever hold ink.
 */
export interface Scaler {
  readonly mean: readonly number[];
  readonly scale: number;
}

export function fitScaler(data: Matrix): Scaler {
  const mean = new Float64Array(data.columns);
  for (let row = 0; row < data.rows; row += 1) {
    for (const [column, value] of rowOf(data, row).entries()) {
      mean[column] = (mean[column] as number) + value / data.rows;
    }
  }
  let squares = 0;
  for (const [index, value] of data.values.entries()) {
    squares += (value - (mean[index % data.columns] as number)) ** 2;
  }
  return { mean: Array.from(mean), scale: Math.sqrt(squares / data.values.length) };
}

export function applyScaler({ mean, scale }: Scaler, data: Matrix): Matrix {
  const scaled = createMatrix(data.rows, data.columns);
  for (const [index, value] of data.values.entries()) {
    scaled.values[index] = (value - (mean[index % data.columns] as number)) / scale;
  }
  return scaled;
}
