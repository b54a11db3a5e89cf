import { createRandom } from "../random/random.ts";
import { shuffle } from "../random/shuffle.ts";
import { type ValueDistanceName, valueDistances } from "./distance/measure-values.ts";
import { labelValues } from "./distance/value-distances.ts";
import { ksTwoSample } from "./ks.ts";
import { needValues, needWhole } from "./need-sample.ts";
import { simulatedPValue } from "./simulated-p-value.ts";

/** How `permutationTest` compares. */
export interface PermutationOptions {
  /** Which difference counts: see `measureValues`. */
  readonly distance: ValueDistanceName;
  /** Most relabellings, 100 to 1,000,000; fewer are done where the p value is large. */
  readonly simulations?: number;
  readonly seed: number;
}

/** The answer of a test by relabelling at random. */
export interface PermutationResult {
  readonly statistic: number;
  /** 0 to 1. */
  readonly pValue: number;
  /** Relabellings done. */
  readonly simulations: number;
  /** Fewer than 10 of them were as large, so the p value continues the tail of those drawn, as far as an exact test goes. */
  readonly extrapolated: boolean;
}

/**
 * A two-sample test by any distance, with ties or without: how often does a random division of all values into two
 * samples of these sizes lie as far apart? Exact in that it asks nothing of the distribution, only that the rows are
 * independent. Costs a pass over all values for each relabelling.
 *
 * Relabelling ends once 30 were as large (Besag and Clifford 1991), and the tail is continued where fewer than 10 of
 * all were (Knijnenburg et al. 2009), as far as `ksTwoSample` goes.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for an empty sample or one that holds NaN or infinity;
 * SCANFLOW_CHECK_OPTION_INVALID
 */
export function permutationTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { distance, simulations = 1_000, seed }: PermutationOptions,
): PermutationResult {
  const [before, after] = [needValues(first, "first"), needValues(second, "second")];
  const sample = labelValues(before, after);
  needWhole(simulations, "simulations", [100, 1_000_000]);
  const { measure, power } = valueDistances(distance);
  const statistic = measure(sample);
  const random = createRandom(seed, "permutation test");
  const labels = sample.labels.slice();
  const draw = () => {
    shuffle(labels, random);
    return measure({ ...sample, labels });
  };
  const exact = () => ksTwoSample(before, after).pValue;
  const { draws, ...result } = simulatedPValue(statistic, draw, { most: simulations, power, exact });
  return { statistic, ...result, simulations: draws };
}
