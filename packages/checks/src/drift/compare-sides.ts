import { createRandom, type Random } from "../random/random.ts";
import { shuffle } from "../random/shuffle.ts";
import type { CountDistance } from "../statistics/distance/count-distances.ts";
import { labelValues } from "../statistics/distance/value-distances.ts";
import { exactBinsPValue } from "../statistics/exact-bins.ts";
import { ksTwoSample } from "../statistics/ks.ts";
import { simulateCounts } from "../statistics/simulate-counts.ts";
import { simulatedPValue } from "../statistics/simulated-p-value.ts";
import type { ValuedSides } from "./column-samples.ts";
import type { CountedSides } from "./counted-sides.ts";
import type { DriftSettings } from "./drift-options.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";
import type { DriftMethod } from "./drift-verdict.ts";
import { inEvenBins } from "./even-bins.ts";

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

/** What chance may do to a p value. */
export interface Chance {
  /** Most draws. */
  readonly simulations: number;
  readonly random: Random;
}

/** Each column draws its own stream of chance, so adding a column changes no other. */
export function chanceOf(name: string, { simulations, seed }: DriftSettings): Chance {
  return { simulations, random: createRandom(seed, `drift/${name}`) };
}

/** How far two sides are apart by a test that suits them. */
export function compareSides(sides: CountedSides | ValuedSides, test: DriftTest, chance: Chance): Distance {
  if (sides.kind === "counts") return compareCounts(sides, test, chance);
  return test === "ks" ? compareByKs(sides) : compareValues(sides, test, chance);
}

function compareCounts(
  { reference, current }: CountedSides,
  test: DriftTest,
  { simulations, random }: Chance,
): Distance {
  const { counts: distance, effect, ordered, power } = DRIFT_TESTS[test];
  if (distance === null) throw new RangeError(`${test} needs values`);
  const pooled = reference.map((count, bin) => count + (current[bin] as number));
  const size = current.reduce((sum, count) => sum + count, 0);
  const part = new Float64Array(pooled.length);
  const rest = new Float64Array(pooled.length);
  const measure = effect?.counts ?? distance;
  const average = averageOf(() => measure(rest, part));
  const draw = () => {
    simulateCounts(pooled, { size, random, into: part });
    for (let bin = 0; bin < pooled.length; bin += 1) {
      rest[bin] = (pooled[bin] as number) - (part[bin] as number);
    }
    average.add();
    return distance(rest, part);
  };
  const statistic = distance(reference, current);
  const exact = () => exactBinsPValue(reference, current, ordered);
  const { pValue } = simulatedPValue(statistic, draw, { most: simulations, power, exact });
  return {
    statistic,
    pValue,
    effect: measure(reference, current),
    byChance: average.mean(),
    method: "permutation",
  };
}

function compareByKs({ reference, current }: ValuedSides): Distance {
  const { statistic, pValue, method } = ksTwoSample(reference, current);
  const root = Math.sqrt(1 / reference.length + 1 / current.length);
  return { statistic, pValue, effect: statistic, byChance: KOLMOGOROV_MEAN * root, method };
}

function compareValues(
  { reference, current, unit, bins }: ValuedSides,
  test: DriftTest,
  { simulations, random }: Chance,
): Distance {
  const { values, counts, effect, power } = DRIFT_TESTS[test];
  const binned = (each: CountDistance | null) => (each === null ? null : inEvenBins(each, bins));
  const distance = values ?? binned(counts);
  if (distance === null) throw new RangeError(`${test} measures nothing`);
  const sample = labelValues(
    reference.map((value) => value / unit),
    current.map((value) => value / unit),
  );
  const shuffled = { ...sample, labels: sample.labels.slice() };
  const measure = effect?.values ?? binned(effect?.counts ?? null) ?? distance;
  const average = averageOf(() => measure(shuffled));
  const draw = () => {
    shuffle(shuffled.labels, random);
    average.add();
    return distance(shuffled);
  };
  const statistic = distance(sample);
  const exact = () => ksTwoSample(reference, current).pValue;
  const { pValue } = simulatedPValue(statistic, draw, { most: simulations, power, exact });
  return { statistic, pValue, effect: measure(sample), byChance: average.mean(), method: "permutation" };
}
