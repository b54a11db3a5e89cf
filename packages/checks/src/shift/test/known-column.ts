import type { MeasuredColumn } from "./measured.ts";
import { rankValues } from "./ranked-values.ts";

/** Numbers of rows, written as a known column compares them. */
export type Keys = Int32Array | Float64Array;

/** How far some rows lie from the reference. */
export interface Difference {
  /** A squared distance, which chance makes about as large as 1 / rows. */
  readonly square: number;
  /** The distance as people read it: D, total variation, or the change of a mean. */
  readonly effect: number;
}

/** A column of the reference, ready for windows to be compared with it. */
export interface KnownColumn {
  keysOf(numbers: Float64Array): Keys;
  /** @param rows which of the keys; all when null */
  compare(keys: Keys, rows: Int32Array | null): Difference;
}

export function knowColumn(column: MeasuredColumn): KnownColumn {
  switch (column.kind) {
    case "values":
      return knowValues(column.numbers);
    case "levels":
      return knowLevels(column.numbers);
    case "means":
      return knowMean(column.numbers, column.unit ?? 1);
  }
}

function knowValues(numbers: Float64Array): KnownColumn {
  const ranked = rankValues(numbers);
  let room = new Int32Array(0);
  return {
    keysOf: (others) => Int32Array.from(others, (value) => ranked.keyOf(value)),
    compare(keys, rows) {
      const count = rows?.length ?? keys.length;
      if (room.length !== count) room = new Int32Array(count);
      for (let at = 0; at < count; at += 1)
        room[at] = keys[rows === null ? at : (rows[at] as number)] as number;
      const effect = ranked.distance(room);
      return { square: effect * effect, effect };
    },
  };
}

/**
 * A level that the reference shows in fewer rows counts as if it had these: the chance of what is nearly never seen is
 * not known any better, and one such row must not ring.
 */
const FEWEST_ROWS = 5;

function knowLevels(numbers: Float64Array): KnownColumn {
  const levels = numbers.reduce((most, level) => Math.max(most, level), 0) + 1;
  // One more for what the reference does not have.
  const counts = new Float64Array(levels + 1);
  for (const level of numbers) counts[level] = (counts[level] as number) + 1;
  const freedom = Math.max(1, counts.filter((count) => count > 0).length - 1);
  const found = new Float64Array(levels + 1);
  return {
    keysOf: (others) => Int32Array.from(others, (level) => Math.min(level, levels)),
    compare(keys, rows) {
      const count = rows?.length ?? keys.length;
      found.fill(0);
      for (let at = 0; at < count; at += 1) {
        const level = keys[rows === null ? at : (rows[at] as number)] as number;
        found[level] = (found[level] as number) + 1;
      }
      let square = 0;
      let effect = 0;
      for (let level = 0; level <= levels; level += 1) {
        const known = counts[level] as number;
        const change = (found[level] as number) / count - known / numbers.length;
        square += change ** 2 / (Math.max(known, FEWEST_ROWS) / numbers.length);
        effect += Math.abs(change) / 2;
      }
      return { square: square / freedom, effect };
    },
  };
}

function knowMean(numbers: Float64Array, unit: number): KnownColumn {
  const mean = meanOf(numbers, null);
  return {
    keysOf: (others) => others,
    compare(keys, rows) {
      const change = meanOf(keys, rows) - mean;
      return { square: change * change, effect: Math.abs(change) * unit };
    },
  };
}

function meanOf(numbers: Keys, rows: Int32Array | null): number {
  const count = rows?.length ?? numbers.length;
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += numbers[rows === null ? at : (rows[at] as number)] as number;
  return sum / count;
}
