import { factorCholesky, solveLower } from "../../maths/solve-cholesky.ts";
import type { RowBlock } from "../run-rows.ts";

/** Mean and variance of each column; NaN is passed over. */
export function columnMoments({ rows, values }: RowBlock): { mean: Float64Array; variance: Float64Array } {
  const width = rows === 0 ? 0 : values.length / rows;
  const counts = new Float64Array(width);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) continue;
    const column = at % width;
    const count = (counts[column] ?? 0) + 1;
    const change = value - (mean[column] ?? 0);
    counts[column] = count;
    mean[column] = (mean[column] ?? 0) + change / count;
    squares[column] = (squares[column] ?? 0) + change * (value - (mean[column] ?? 0));
  }
  return { mean, variance: squares.map((sum, column) => sum / Math.max(1, counts[column] ?? 0)) };
}

/**
 * The lower triangle L⁻¹ of a covariance LLᵀ (Cholesky), row by row: L⁻¹(x − mean) has the identity for covariance.
 *
 * @param ridge added to the diagonal, as a share of the mean variance
 */
export function whitening(block: RowBlock, mean: Float64Array, ridge = 1e-3): Float64Array {
  const size = mean.length;
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < block.rows; row += 1) {
    for (let a = 0; a < size; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        const left = (block.values[row * size + a] as number) - (mean[a] as number);
        const right = (block.values[row * size + b] as number) - (mean[b] as number);
        covariance[a * size + b] = (covariance[a * size + b] as number) + (left * right) / block.rows;
      }
    }
  }
  const trace = mean.reduce((sum, _, at) => sum + (covariance[at * size + at] as number), 0);
  const inverse = new Float64Array(size * size);
  for (let at = 0; at < inverse.length; at += size + 1) {
    covariance[at] = (covariance[at] as number) + (ridge * trace) / size + 1e-12;
    inverse[at] = 1;
  }
  factorCholesky(covariance, size);
  solveLower(covariance, inverse, { size, outputs: size });
  return inverse;
}
