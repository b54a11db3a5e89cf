import { normalTail } from "../../maths/normal.ts";
import { countCells } from "../../slices/search/count-cells.ts";
import type { SliceFeature } from "../../slices/table/slice-table.ts";

/** How many rows have each pair of levels of two columns; the second's levels run fastest. */
export interface PairCounts {
  readonly counts: Float64Array;
  readonly sizes: readonly [first: number, second: number];
}

/** How closely the levels of two columns go together. */
export interface Association {
  /** Cramér's V, 0 to 1, corrected for chance. */
  readonly value: number;
  /** φ², corrected; below 0 when there is less than chance brings about. */
  readonly squared: number;
  /** Of `squared`, by sampling one row; divided by the rows it is that of the table. */
  readonly variance: number;
  /** (first levels − 1)(second levels − 1) */
  readonly freedom: number;
  readonly rows: number;
}

/** @param marked 1 for the rows to count apart; the others are the first answer, these the second */
export function countPairs(
  [first, second]: readonly [SliceFeature, SliceFeature],
  marked: Float64Array,
): readonly [PairCounts, PairCounts] {
  const { rows, losses } = countCells([first, second], marked);
  const sizes = [first.parts.length, second.parts.length] as const;
  return [
    { counts: rows.map((all, cell) => all - (losses[cell] as number)), sizes },
    { counts: losses, sizes },
  ];
}

/**
 * Cramér's V with Bergsma's correction (2013, Journal of the Korean Statistical Society 42), so that few rows and many
 * levels do not look like a connexion. The variance of φ² is that of the delta method (Bishop, Fienberg, Holland 1975,
 * Discrete Multivariate Analysis, 11.3).
 *
 * @param levels of either column that there are in all, where this is a part of the rows
 */
export function associationOf(
  { counts, sizes: [r, c] }: PairCounts,
  levels: readonly [number, number] = filledLevels({ counts, sizes: [r, c] }),
): Association {
  const [byFirst, bySecond] = margins(counts, [r, c]);
  const rows = byFirst.reduce((sum, count) => sum + count, 0);
  const freedom = (levels[0] - 1) * (levels[1] - 1);
  const none = { value: 0, squared: 0, variance: 0, freedom, rows };
  if (rows < 2 || Math.min(...levels) < 2) return none;
  // Per cell p²/(p₁p₂); its sums by row and by column are the parts of the gradient.
  const terms = counts.map((count, cell) => {
    const expected = (byFirst[Math.floor(cell / c)] as number) * (bySecond[cell % c] as number);
    return count === 0 ? 0 : (count * count) / expected;
  });
  const [firstTerms, secondTerms] = margins(terms, [r, c]);
  const phi = terms.reduce((sum, term) => sum + term, 0) - 1;
  let [mean, square] = [0, 0];
  for (const [cell, count] of counts.entries()) {
    if (count === 0) continue;
    const [i, j] = [Math.floor(cell / c), cell % c];
    const share = count / rows;
    const slope =
      (2 * (terms[cell] as number)) / share -
      (firstTerms[i] as number) / ((byFirst[i] as number) / rows) -
      (secondTerms[j] as number) / ((bySecond[j] as number) / rows);
    mean += share * slope;
    square += share * slope * slope;
  }
  const squared = phi - freedom / (rows - 1);
  const [first, second] = levels.map((level) => level - (level - 1) ** 2 / (rows - 1)) as [number, number];
  const scale = Math.max(1e-9, Math.min(first, second) - 1);
  return {
    value: Math.min(1, Math.sqrt(Math.max(0, squared) / scale)),
    squared,
    variance: Math.max(0, square - mean * mean),
    freedom,
    rows,
  };
}

/**
 * The chance that two tables of one source differ as much in φ². The variance of either is its own or that of both
 * together, whichever is greater: a small table that happens to show little connexion also shows little variance, and
 * one with a rare pair of rare levels shows it only itself. What φ² has when the columns are independent is added,
 * since the delta method gives 0 there.
 */
export function changePValue(first: PairCounts, second: PairCounts): number {
  const both = { ...first, counts: first.counts.map((count, at) => count + (second.counts[at] as number)) };
  const levels = filledLevels(both);
  const { variance, freedom } = associationOf(both);
  const [a, b] = [associationOf(first, levels), associationOf(second, levels)];
  const chance = [a, b].reduce(
    (sum, own) => sum + Math.max(own.variance, variance) / own.rows + (2 * freedom) / own.rows ** 2,
    0,
  );
  return chance > 0 ? normalTail((b.squared - a.squared) / Math.sqrt(chance)) : 1;
}

/** Levels of either column that any row has. */
export function filledLevels({ counts, sizes }: PairCounts): [number, number] {
  return margins(counts, sizes).map((margin) => margin.filter((count) => count > 0).length) as [
    number,
    number,
  ];
}

/** The least share of rows that the other column's level tells rightly, both ways: 1 when each determines the other. */
export function agreement({ counts, sizes: [r, c] }: PairCounts): number {
  const [mostOfFirst, mostOfSecond] = [new Float64Array(r), new Float64Array(c)];
  let rows = 0;
  for (const [cell, count] of counts.entries()) {
    const [i, j] = [Math.floor(cell / c), cell % c];
    mostOfFirst[i] = Math.max(mostOfFirst[i] as number, count);
    mostOfSecond[j] = Math.max(mostOfSecond[j] as number, count);
    rows += count;
  }
  const told = [mostOfFirst, mostOfSecond].map((most) => most.reduce((sum, count) => sum + count, 0));
  return Math.min(...told) / Math.max(1, rows);
}

function margins(cells: Float64Array, [r, c]: readonly [number, number]): [Float64Array, Float64Array] {
  const [byFirst, bySecond] = [new Float64Array(r), new Float64Array(c)];
  for (const [cell, value] of cells.entries()) {
    const i = Math.floor(cell / c);
    byFirst[i] = (byFirst[i] as number) + value;
    bySecond[cell % c] = (bySecond[cell % c] as number) + value;
  }
  return [byFirst, bySecond];
}
