import type { Matrix } from "./matrix.ts";
import { solveCholesky } from "./solve-cholesky.ts";

/** Steps of Newton's method: with a ridge a few are enough. */
const STEPS = 25;

/**
 * Fits the weights of a logistic regression, the intercept last, by Newton's method on the penalised likelihood (Hastie,
 * Tibshirani, Friedman, The Elements of Statistical Learning, 4.4.1).
 *
 * @param labels 0 or 1, one for each row
 * @param ridge half of it times the squared weights, without the intercept, is added to the loss; above 0
 */
export function fitLogistic({ rows, columns, values }: Matrix, labels: Uint8Array, ridge = 1): Float64Array {
  const size = columns + 1;
  const weights = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = new Float64Array(size);
    const curve = new Float64Array(size * size);
    for (let a = 0; a < size; a += 1) {
      const penalty = a < columns ? ridge : 1e-9;
      curve[a * size + a] = penalty;
      gradient[a] = a < columns ? -penalty * (weights[a] as number) : 0;
    }
    for (let at = 0; at < rows; at += 1) {
      row.set(values.subarray(at * columns, (at + 1) * columns));
      const chance = 1 / (1 + Math.exp(-dot(weights, row)));
      const miss = (labels[at] as number) - chance;
      const weight = chance * (1 - chance);
      for (let a = 0; a < size; a += 1) {
        const value = row[a] as number;
        gradient[a] = (gradient[a] as number) + miss * value;
        for (let b = 0; b <= a; b += 1) {
          curve[a * size + b] = (curve[a * size + b] as number) + weight * value * (row[b] as number);
        }
      }
    }
    if (!solveCholesky(curve, gradient, { size, outputs: 1 })) break;
    let largest = 0;
    for (let a = 0; a < size; a += 1) {
      // Bounded steps: far from the optimum Newton's may overshoot.
      const change = Math.max(-2, Math.min(2, gradient[a] as number));
      weights[a] = (weights[a] as number) + change;
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest < 1e-8) break;
  }
  return weights;
}

/** Σ aᵢ bᵢ */
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
