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
  const lower = new Float64Array(size * size);
  const inverse = new Float64Array(size * size);
  const at = (matrix: Float64Array, a: number, b: number) => matrix[a * size + b] as number;
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let sum = at(covariance, a, b) + (a === b ? (ridge * trace) / size + 1e-12 : 0);
      for (let k = 0; k < b; k += 1) sum -= at(lower, a, k) * at(lower, b, k);
      lower[a * size + b] = a === b ? Math.sqrt(sum) : sum / at(lower, b, b);
    }
  }
  for (let column = 0; column < size; column += 1) {
    for (let a = column; a < size; a += 1) {
      let sum = a === column ? 1 : 0;
      for (let k = column; k < a; k += 1) sum -= at(lower, a, k) * at(inverse, k, column);
      inverse[a * size + column] = sum / at(lower, a, a);
    }
  }
  return inverse;
}
