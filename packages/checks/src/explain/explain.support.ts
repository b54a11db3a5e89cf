import { expect } from "vitest";
import type { Matrix } from "../maths/matrix.ts";
import type { Predict } from "./predict.ts";

/**
 * Shapley values by their definition, over all coalitions (Shapley 1953).
 *
 * @param game the worth of a coalition, given as bits
 */
export function shapleyOf(players: number, game: (coalition: number) => number): number[] {
  const worth = Array.from({ length: 2 ** players }, (_, coalition) => game(coalition));
  return Array.from({ length: players }, (_, player) => {
    let sum = 0;
    for (let coalition = 0; coalition < worth.length; coalition += 1) {
      if (((coalition >> player) & 1) === 1) continue;
      const size = coalition.toString(2).replaceAll("0", "").length;
      const gain = (worth[coalition | (1 << player)] as number) - (worth[coalition] as number);
      sum += (gain * factorial(size) * factorial(players - size - 1)) / factorial(players);
    }
    return sum;
  });
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** @param rows null where a value is missing */
export function matrixOf(rows: readonly (readonly (number | null)[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  return {
    rows: rows.length,
    columns,
    values: Float64Array.from(rows.flat(), (value) => value ?? Number.NaN),
  };
}

export function rowOf(matrix: Matrix | undefined, row: number): number[] {
  const { columns, values } = matrix ?? matrixOf([]);
  return [...values.slice(row * columns, (row + 1) * columns)];
}

/** A predictor of what `answer` says of each row. */
export function predictor(answer: (row: readonly number[]) => readonly number[]): Predict {
  return (asked) => matrixOf(Array.from({ length: asked.rows }, (_, row) => answer(rowOf(asked, row))));
}

/** @param digits that agree after the point */
export function expectClose(
  found: ArrayLike<number> | undefined,
  wanted: ArrayLike<number>,
  digits: number,
): void {
  expect(found).toHaveLength(wanted.length);
  for (let at = 0; at < wanted.length; at += 1) expect(found?.[at]).toBeCloseTo(wanted[at] as number, digits);
}
