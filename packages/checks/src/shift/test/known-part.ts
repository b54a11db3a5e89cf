import { type Difference, type Keys, knowColumn } from "./known-column.ts";
import type { MeasuredPart } from "./measured.ts";
import { knowSide, witnessDistance } from "./witness.ts";

/** How far some rows lie from the reference, in one way of looking. */
export interface PartDifference {
  /** Squared distances that count, each by itself: the largest and the sum, or the sum alone. */
  readonly squares: readonly number[];
  /** How large the difference is, as people read it. */
  readonly effect: number;
  readonly columns: readonly Difference[];
}

/** A part of the reference, ready for windows to be compared with it. */
export interface KnownPart {
  readonly part: MeasuredPart;
  keysOf(part: MeasuredPart): readonly Keys[];
  /**
   * @param rows which of the keys; all when null
   * @param sized whether the effect of a part that is judged as a whole is wanted, which takes longer; else it is 0
   */
  compare(keys: readonly Keys[], rows: Int32Array | null, sized: boolean): PartDifference;
}

export function knowPart(part: MeasuredPart): KnownPart {
  const known = part.columns.map(knowColumn);
  const whole = part.kind === "whole";
  const side = knowSide(whole ? part.columns.map(({ numbers }) => numbers) : []);
  return {
    part,
    keysOf: ({ columns }) =>
      known.map((column, at) => column.keysOf(columns[at]?.numbers ?? new Float64Array(0))),
    compare(keys, rows, sized) {
      const columns = known.map((column, at) => column.compare(keys[at] as Keys, rows));
      const sum = columns.reduce((total, { square }) => total + square, 0);
      const largest = columns.reduce((most, { square }) => Math.max(most, square), 0);
      const effect = columns.reduce((most, difference) => Math.max(most, difference.effect), 0);
      return {
        squares: whole || columns.length === 1 ? [sum] : [largest, sum],
        effect: !whole ? effect : sized ? witnessDistance(side, keys, rows) : 0,
        columns,
      };
    },
  };
}
