import type { NumberColumn, TimeColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";

/** What a column of numbers holds, and how much of it is no finite number. */
export interface FiniteCounts {
  /** How many finite values were copied. */
  readonly count: number;
  readonly nulls: number;
  readonly nan: number;
  readonly infinite: number;
  /** How many of the copied have no fraction. */
  readonly whole: number;
}

/** Copies the finite values of the rows `[from, to)` to the start of `target`; -0 becomes 0, which JSON cannot tell apart. */
export function copyFinite(
  { values, validity }: NumberColumn | TimeColumn,
  target: Float64Array,
  [from, to]: readonly [from: number, to: number],
): FiniteCounts {
  let count = 0;
  let nulls = 0;
  let nan = 0;
  let whole = 0;
  for (let row = from; row < to; row += 1) {
    if (validity !== null && !isValid(validity, row)) {
      nulls += 1;
      continue;
    }
    const value = values[row] as number;
    if (value - value === 0) {
      target[count] = value + 0;
      count += 1;
      if (Math.floor(value) === value) whole += 1;
    } else if (Number.isNaN(value)) nan += 1;
  }
  return { count, nulls, nan, infinite: to - from - count - nulls - nan, whole };
}
