import type { Random } from "../random/random.ts";
import {
  addNumbers,
  closeRegisters,
  type DistinctSketch,
  mergeRegisters,
  noRegisters,
  openRegisters,
} from "./distinct-sketch.ts";
import { createQuantiles, type QuantileSketch, type RunningQuantiles } from "./quantile-sketch.ts";
import { countSorted, joinCounts, type ValueCounts } from "./value-counts.ts";

/** Which numbers there are, and how often: every one while they are few, then two sketches. */
export interface Distribution {
  /** Every distinct value with its count while there are at most 256; then null, and the two sketches take over. */
  readonly values: ValueCounts | null;
  readonly quantiles: QuantileSketch | null;
  readonly distinct: DistinctSketch | null;
}

/** Most distinct numbers that are counted one by one. */
export const MOST_VALUES = 256;
/** Room of the quantile sketch's highest level: the whole holds up to 4,800 values, 38 KB. */
const SKETCH_SIZE = 1_600;

/** A distribution while it is gathered. */
export interface RunningDistribution {
  /** @param sorted in rising order */
  addSorted(sorted: Float64Array): void;
  merge(other: Distribution): void;
  close(): Distribution;
}

interface Sketches {
  readonly quantiles: RunningQuantiles;
  readonly registers: Uint8Array;
}

/** @param random of the quantile sketch's choices */
export function createDistribution(random: () => Random): RunningDistribution {
  let exact: ValueCounts | null = { values: [], counts: [] };
  let sketches: Sketches | null = null;

  function startSketches(): Sketches {
    const started = { quantiles: createQuantiles(SKETCH_SIZE, random()), registers: noRegisters() };
    if (exact !== null) addCounts(started, exact);
    exact = null;
    return started;
  }

  function addSorted(sorted: Float64Array): void {
    if (exact !== null) {
      const runs = countSorted(sorted, MOST_VALUES);
      const joined = runs === null ? null : joinCounts(exact, runs, MOST_VALUES);
      if (joined !== null) {
        exact = joined;
        return;
      }
    }
    sketches ??= startSketches();
    sketches.quantiles.addSorted(sorted);
    addNumbers(sketches.registers, sorted);
  }

  function merge({ values, quantiles, distinct }: Distribution): void {
    if (values !== null && exact !== null) {
      const joined = joinCounts(exact, values, MOST_VALUES);
      if (joined !== null) {
        exact = joined;
        return;
      }
    }
    sketches ??= startSketches();
    if (values !== null) addCounts(sketches, values);
    for (const [level, kept] of (quantiles?.levels ?? []).entries()) sketches.quantiles.addLevel(level, kept);
    const registers = distinct === null ? null : openRegisters(distinct.registers);
    if (registers !== null) mergeRegisters(sketches.registers, registers);
  }

  function close(): Distribution {
    return {
      values: exact,
      quantiles: sketches?.quantiles.close() ?? null,
      distinct: sketches === null ? null : closeRegisters(sketches.registers),
    };
  }

  return { addSorted, merge, close };
}

/** A value with a count of 5 stands once on level 0 and once on level 2. */
function addCounts({ quantiles, registers }: Sketches, { values, counts }: ValueCounts): void {
  const greatest = counts.reduce((most, count) => Math.max(most, count), 0);
  for (let level = 0; 2 ** level <= greatest; level += 1) {
    const here = values.filter((_, place) => Math.floor((counts[place] as number) / 2 ** level) % 2 === 1);
    quantiles.addLevel(level, here);
  }
  addNumbers(registers, Float64Array.from(values));
}
