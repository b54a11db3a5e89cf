import { fitScaler } from "../maths/column-scaler.ts";
import type { Matrix } from "../maths/matrix.ts";
import { halveRows } from "../maths/pick-rows.ts";
import { symmetricEigen } from "../maths/symmetric-eigen.ts";
import { createRandom } from "../random/random.ts";
import { ksTwoSample } from "./ks.ts";
import { needMatrices } from "./need-matrices.ts";
import { needWhole } from "./need-sample.ts";

/** How `reconstructionTest` compares. */
export interface ReconstructionOptions {
  /** Principal components that are kept, 0 to one less than the columns; by default as few as hold 90 % of the variance. */
  readonly components?: number;
  readonly seed: number;
}

/** The answer of `reconstructionTest`. */
export interface ReconstructionResult {
  /** D of the Kolmogorov–Smirnov test of the errors, 0 to 1. */
  readonly statistic: number;
  /** 0 to 1. */
  readonly pValue: number;
  readonly components: number;
  /** The window's mean error over the reference's: 1 when nothing has changed; Infinity where the reference has none. */
  readonly effect: number;
}

const KEPT_VARIANCE = 0.9;

/**
 * Do rows of a window still lie where rows of the reference do? Principal components are learned from half of the
 * reference, with its columns standardised; the squared errors of restoring the other half and the window are compared
 * by `ksTwoSample`. It sees columns that no longer go together as they did, in many columns at once; a shift along the
 * kept components alone it does not see. Time grows with the cube of the columns: up to about 200.
 *
 * @param reference at least 8 rows, as the window
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for too few rows, other columns, NaN or infinity;
 * SCANFLOW_CHECK_OPTION_INVALID
 */
export function reconstructionTest(
  reference: Matrix,
  window: Matrix,
  { components, seed }: ReconstructionOptions,
): ReconstructionResult {
  needMatrices(reference, window, { names: ["reference", "window"], least: 8 });
  if (components !== undefined) needWhole(components, "components", [0, reference.columns - 1]);
  const [learn, heldOut] = halveRows(reference, createRandom(seed, "reconstruction test"));
  const scale = fitScaler(learn);
  const { values, vectors } = symmetricEigen(covariance(scale(learn)), learn.columns);
  const kept = components ?? enough(values);
  const before = errors(scale(heldOut), vectors, kept);
  const after = errors(scale(window), vectors, kept);
  const { statistic, pValue } = ksTwoSample(before, after);
  const [was, is] = [mean(before), mean(after)];
  return { statistic, pValue, components: kept, effect: is === was ? 1 : is / was };
}

function covariance({ rows, columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let a = 0; a < columns; a += 1) {
      const left = (values[row * columns + a] as number) / rows;
      for (let b = 0; b < columns; b += 1) {
        sums[a * columns + b] =
          (sums[a * columns + b] as number) + left * (values[row * columns + b] as number);
      }
    }
  }
  return sums;
}

/** All components would restore every row. */
function enough(variances: Float64Array): number {
  const all = variances.reduce((sum, each) => sum + each, 0);
  let held = 0;
  let count = 0;
  while (count < variances.length - 1 && held < KEPT_VARIANCE * all) {
    held += variances[count] as number;
    count += 1;
  }
  return count;
}

/** The squared length of each row less that of its part along the components. */
function errors({ rows, columns, values }: Matrix, vectors: Float64Array, components: number): Float64Array {
  const found = new Float64Array(rows);
  const rest = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    rest.set(values.subarray(row * columns, (row + 1) * columns));
    for (let k = 0; k < components; k += 1) {
      let along = 0;
      for (let i = 0; i < columns; i += 1)
        along += (rest[i] as number) * (vectors[i * columns + k] as number);
      for (let i = 0; i < columns; i += 1) {
        rest[i] = (rest[i] as number) - along * (vectors[i * columns + k] as number);
      }
    }
    found[row] = rest.reduce((sum, value) => sum + value * value, 0);
  }
  return found;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
