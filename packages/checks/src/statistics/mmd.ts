import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";
import { joinRows } from "../maths/pick-rows.ts";
import { medianDistance, squaredDistances } from "../maths/row-distances.ts";
import { createRandom } from "../random/random.ts";
import { shuffle } from "../random/shuffle.ts";
import { needMatrices } from "./need-matrices.ts";
import { needWhole, refused } from "./need-sample.ts";
import type { PermutationResult } from "./permutation-test.ts";
import { simulatedPValue } from "./simulated-p-value.ts";

/** How `mmd` compares. */
export interface MmdOptions {
  /** σ of the kernel exp(−d² / 2σ²), above 0; by default the median distance between rows of both samples. */
  readonly bandwidth?: number;
  /** Most relabellings, 100 to 100,000; fewer are done where the p value is large. */
  readonly simulations?: number;
  readonly seed: number;
}

/** The answer of `mmd`. */
export interface MmdResult extends Omit<PermutationResult, "extrapolated"> {
  readonly bandwidth: number;
}

/** The kernel between all rows is held in memory, 8 bytes for each pair: 128 MB. */
const MOST_ROWS = 4_000;

/**
 * Maximum mean discrepancy: do rows of two samples come from one joint distribution? The unbiased squared estimate with
 * a Gaussian kernel, which may be a little below 0 (Gretton et al. 2012, A Kernel Two-Sample Test, eq. 3), its p value
 * by relabelling: never below 1 / (simulations + 1). The bandwidth is the median heuristic (Garreau et al. 2018). Columns count by their spread: bring
 * them to one scale first. Time and memory grow with the square of the rows.
 *
 * @param first at least 2 rows; both together at most 4,000
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for too few or too many rows, other columns, NaN or infinity;
 * SCANFLOW_CHECK_OPTION_INVALID
 */
export function mmd(
  first: Matrix,
  second: Matrix,
  { bandwidth, simulations = 500, seed }: MmdOptions,
): MmdResult {
  needMatrices(first, second);
  needWhole(simulations, "simulations", [100, 100_000]);
  if (first.rows + second.rows > MOST_ROWS) {
    throw refused(
      `Both samples together have ${first.rows + second.rows} rows`,
      `draw at most ${MOST_ROWS} of them at random, or use classifierTest`,
    );
  }
  if (bandwidth !== undefined && !(bandwidth > 0 && bandwidth < Number.POSITIVE_INFINITY)) {
    throw new ChecksError(
      "SCANFLOW_CHECK_OPTION_INVALID",
      `"bandwidth" is ${bandwidth}: give a finite number above 0, or leave it out.`,
    );
  }
  const size = first.rows + second.rows;
  const kernel = squaredDistances(joinRows(first, second));
  const sigma = bandwidth ?? medianDistance(kernel, size);
  for (let at = 0; at < kernel.length; at += 1) {
    kernel[at] = Math.exp(-(kernel[at] as number) / (2 * sigma * sigma));
  }
  const estimate = estimator(kernel, first.rows, second.rows);
  const labels = new Uint8Array(size).fill(1, 0, first.rows);
  const statistic = estimate(labels);
  const random = createRandom(seed, "mmd");
  const draw = () => {
    shuffle(labels, random);
    return estimate(labels);
  };
  const { draws, pValue } = simulatedPValue(statistic, draw, { most: simulations, power: 1 });
  return { statistic, pValue, simulations: draws, bandwidth: sigma };
}

/** MMD² of a labelling. Only pairs within the first sample are summed: row sums, found once, give the others. */
function estimator(kernel: Float64Array, n: number, m: number): (labels: Uint8Array) => number {
  const size = n + m;
  const rowSums = new Float64Array(size);
  for (let a = 0; a < size; a += 1) {
    let sum = 0;
    for (let b = 0; b < size; b += 1) if (b !== a) sum += kernel[a * size + b] as number;
    rowSums[a] = sum;
  }
  const total = rowSums.reduce((sum, each) => sum + each, 0);
  const members = new Uint32Array(n);
  return (labels) => {
    let count = 0;
    for (let row = 0; row < size; row += 1) if (labels[row] === 1) members[count++] = row;
    let within = 0;
    let touching = 0;
    for (let a = 0; a < n; a += 1) {
      const row = members[a] as number;
      touching += rowSums[row] as number;
      for (let b = 0; b < a; b += 1) within += 2 * (kernel[row * size + (members[b] as number)] as number);
    }
    const between = touching - within;
    const others = total - within - 2 * between;
    return within / (n * (n - 1)) + others / (m * (m - 1)) - (2 * between) / (n * m);
  };
}
