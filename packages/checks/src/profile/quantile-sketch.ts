import type { Random } from "../random/random.ts";

/**
 * A sketch of the quantiles of numbers (Karnin, Lang and Liberty 2016, Optimal quantile approximation in streams).
 * Up to `size` values it holds them all.
 */
export interface QuantileSketch {
  /** Room of the highest level. */
  readonly size: number;
  /** A value on level h stands for 2^h values. Each level in rising order. */
  readonly levels: readonly (readonly number[])[];
}

/** A level's room is this share of that of the level above it. */
const SHRINK = 2 / 3;
const LEAST_ROOM = 8;

/** A quantile sketch while it is gathered. */
export interface RunningQuantiles {
  /** @param sorted in rising order */
  addSorted(sorted: Float64Array): void;
  /** Adds what stands for 2^level values each. @param values in rising order */
  addLevel(level: number, values: ArrayLike<number>): void;
  close(): QuantileSketch;
}

export function createQuantiles(size: number, random: Random): RunningQuantiles {
  const levels: Float64Array[] = [new Float64Array(0)];
  let held = 0;
  let room = size;

  function addLevel(level: number, values: ArrayLike<number>): void {
    while (levels.length <= level) grow();
    levels[level] = mergeSorted(levels[level] as Float64Array, Float64Array.from(values));
    held += values.length;
    compress();
  }

  function addSorted(sorted: Float64Array): void {
    levels[0] = mergeSorted(levels[0] as Float64Array, sorted);
    held += sorted.length;
    compress();
  }

  function grow(): void {
    levels.push(new Float64Array(0));
    room = levels.reduce((sum, _, level) => sum + roomOf(level), 0);
  }

  function roomOf(level: number): number {
    return Math.max(LEAST_ROOM, Math.ceil(size * SHRINK ** (levels.length - 1 - level)));
  }

  function compress(): void {
    while (held > room) {
      const full = levels.findIndex((values, level) => values.length > roomOf(level));
      if (full === levels.length - 1) grow();
      halve(full);
    }
  }

  /** Every second value moves up, the first or the second of each pair by chance; an odd one stays. */
  function halve(level: number): void {
    const values = levels[level] as Float64Array;
    const odd = values.length & 1;
    const start = odd + random.below(2);
    const kept = new Float64Array(values.length >>> 1);
    for (let at = 0; at < kept.length; at += 1) kept[at] = values[start + 2 * at] as number;
    levels[level] = values.slice(0, odd);
    levels[level + 1] = mergeSorted(levels[level + 1] as Float64Array, kept);
    held -= kept.length;
  }

  function close(): QuantileSketch {
    return { size, levels: levels.map((values) => Array.from(values)) };
  }

  return { addSorted, addLevel, close };
}

function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0) return b.slice();
  const merged = new Float64Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let at = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x <= y) {
      merged[at] = x;
      i += 1;
    } else {
      merged[at] = y;
      j += 1;
    }
    at += 1;
  }
  merged.set(i < a.length ? a.subarray(i) : b.subarray(j), at);
  return merged;
}
