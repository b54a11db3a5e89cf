import { createRandom } from "../random/random.ts";
import { labelValues, shuffleLabels } from "../statistics/distance/value-distances.ts";
import { ksTwoSample } from "../statistics/ks.ts";
import { simulateCounts } from "../statistics/simulate-counts.ts";
import { simulatedPValue } from "../statistics/simulated-p-value.ts";
import type { CountedSides, ValuedSides } from "./column-samples.ts";
import type { DriftSettings } from "./drift-options.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";
import type { DriftMethod } from "./drift-verdict.ts";

/** How far two sides are apart, and how likely that is by chance. */
export interface Distance {
  readonly statistic: number;
  readonly pValue: number;
  readonly effect: number;
  /** The effect that chance alone shows on average at these sizes. */
  readonly byChance: number;
  readonly method: DriftMethod;
}

/** So many draws tell well enough what effect chance shows on average. */
const ENOUGH = 100;

/** The mean of Kolmogorov's distribution: √(π / 2) ln 2. */
const KOLMOGOROV_MEAN = Math.sqrt(Math.PI / 2) * Math.LN2;

/** The mean over the first draws. */
function averageOf(effect: () => number): { add(): void; mean(): number } {
  let sum = 0;
  let drawn = 0;
  return {
    add() {
      if (drawn === ENOUGH) return;
      sum += effect();
      drawn += 1;
    },
    mean: () => (drawn === 0 ? 0 : sum / drawn),
  };
}

type Chance = Pick<DriftSettings, "simulations" | "seed">;

/** @param name of the column: each draws its own stream of chance, so adding a column changes no other */
export function compareCounts(
  { reference, current }: CountedSides,
  test: DriftTest,
  { simulations, seed, name }: Chance & { readonly name: string },
): Distance {
  const { counts: distance, effect, power } = DRIFT_TESTS[test];
  if (distance === null) throw new RangeError(`${test} needs values`);
  const statistic = distance(reference, current);
  const pooled = reference.map((count, bin) => count + (current[bin] as number));
  const size = current.reduce((sum, count) => sum + count, 0);
  const part = new Float64Array(pooled.length);
  const rest = new Float64Array(pooled.length);
  const random = createRandom(seed, `drift/${name}`);
  const average = averageOf(() => (effect?.counts ?? distance)(rest, part));
  const draw = () => {
    simulateCounts(pooled, { size, random, into: part });
    for (let bin = 0; bin < pooled.length; bin += 1) {
      rest[bin] = (pooled[bin] as number) - (part[bin] as number);
    }
    average.add();
    return distance(rest, part);
  };
  const { pValue } = simulatedPValue(statistic, draw, { most: simulations, power });
  return {
    statistic,
    pValue,
    effect: effect === null ? statistic : effect.counts(reference, current),
    byChance: average.mean(),
    method: "permutation",
  };
}

/**
 * @param scale what the values are measured by, so that distances between values have no unit: the reference's
 * standard deviation
 */
export function compareValues(
  { reference, current }: ValuedSides,
  test: DriftTest,
  { simulations, seed, name, scale }: Chance & { readonly name: string; readonly scale: number },
): Distance {
  if (test === "ks") {
    const { statistic, pValue, method } = ksTwoSample(reference, current);
    const root = Math.sqrt(1 / reference.length + 1 / current.length);
    return { statistic, pValue, effect: statistic, byChance: KOLMOGOROV_MEAN * root, method };
  }
  const { values: distance, effect, power } = DRIFT_TESTS[test];
  if (distance === null) throw new RangeError(`${test} needs counts`);
  const unit = scale > 0 ? scale : 1;
  const sample = labelValues(
    reference.map((value) => value / unit),
    current.map((value) => value / unit),
  );
  const random = createRandom(seed, `drift/${name}`);
  const shuffled = { ...sample, labels: sample.labels.slice() };
  const statistic = distance(sample);
  const measure = effect?.values ?? distance;
  const average = averageOf(() => measure(shuffled));
  const draw = () => {
    shuffleLabels(shuffled.labels, random.below);
    average.add();
    return distance(shuffled);
  };
  const { pValue } = simulatedPValue(statistic, draw, { most: simulations, power });
  return { statistic, pValue, effect: measure(sample), byChance: average.mean(), method: "permutation" };
}
