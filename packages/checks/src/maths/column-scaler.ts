import type { Matrix } from "./matrix.ts";

/** Brings rows to the scale of the rows it was fitted to: mean 0 and standard deviation 1. */
export type ColumnScaler = (matrix: Matrix) => Matrix;

/** A column that does not vary keeps its unit. */
export function fitScaler({ rows, columns, values }: Matrix): ColumnScaler {
  const mean = new Float64Array(columns);
  const spread = new Float64Array(columns);
  for (let at = 0; at < values.length; at += 1) {
    const column = at % columns;
    mean[column] = (mean[column] as number) + (values[at] as number) / rows;
  }
  for (let at = 0; at < values.length; at += 1) {
    const column = at % columns;
    spread[column] =
      (spread[column] as number) + ((values[at] as number) - (mean[column] as number)) ** 2 / rows;
  }
  // Sums of equal values differ from them in the last digits only.
  const scale = spread.map((variance, column) =>
    Math.sqrt(variance) > 1e-12 * Math.abs(mean[column] as number) ? Math.sqrt(variance) : 1,
  );
  return (matrix) => ({
    ...matrix,
    values: matrix.values.map(
      (value, at) => (value - (mean[at % columns] as number)) / (scale[at % columns] as number),
    ),
  });
}
