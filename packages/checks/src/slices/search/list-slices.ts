import { ChecksError } from "../../errors.ts";
import type { SliceFeature, SliceTable } from "../table/slice-table.ts";
import { type Cells, countCells } from "./count-cells.ts";
import { sliceChance } from "./slice-chance.ts";
import type { CompleteSliceOptions } from "./slice-options.ts";
import { type Overall, scoreBound, sliceScore } from "./slice-score.ts";

/** A slice that was looked at. */
export interface Candidate {
  /** Which features, as indices into the table's, rising, and which code of each. */
  readonly features: readonly number[];
  readonly codes: readonly number[];
  readonly rows: number;
  readonly losses: number;
  readonly score: number;
  readonly pValue: number;
}

/** What `listSlices` found. */
export interface Listed {
  /** Slices with a score above 0. */
  readonly candidates: readonly Candidate[];
  /** The p values of all slices that have enough rows, those of the candidates included. */
  readonly pValues: readonly number[];
  /** Combinations of three columns that no slice of worth could come of, and were not counted. */
  readonly pruned: number;
}

/** Combinations of columns that are looked at: of two that is 632 columns, of three 107. */
const MOST_COMBINATIONS = 200_000;

/**
 * Every slice of up to `depth` conditions, but for those that cannot be worth a look.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when they are too many to be looked at
 */
export function listSlices(
  table: SliceTable,
  losses: Float64Array,
  { overall, options }: { readonly overall: Overall; readonly options: CompleteSliceOptions },
): Listed {
  needFewCombinations(table.features.length, options.depth);
  const candidates: Candidate[] = [];
  const pValues: number[] = [];
  const pairs = new Map<string, Cells>();
  const chanceOf = sliceChance(losses, overall);
  let pruned = 0;

  function look(features: readonly number[], cells: Cells): void {
    const sizes = features.map((at) => partsOf(table, at));
    for (let cell = 0; cell < cells.rows.length; cell += 1) {
      const slice = { rows: cells.rows[cell] as number, losses: cells.losses[cell] as number };
      if (slice.rows < options.minimumSupport || slice.rows === overall.rows) continue;
      const pValue = chanceOf(slice);
      pValues.push(pValue);
      const score = sliceScore(slice, overall, options);
      if (score > 0) candidates.push({ ...slice, features, codes: codesOf(cell, sizes), score, pValue });
    }
  }

  const count = (features: readonly number[]) =>
    countCells(
      features.map((at) => table.features[at] as SliceFeature),
      losses,
    );
  for (const features of combinations(table.features.length, 1)) look(features, count(features));
  if (options.depth < 2) return { candidates, pValues, pruned };
  for (const features of combinations(table.features.length, 2)) {
    const cells = count(features);
    if (options.depth > 2) pairs.set(features.join(), cells);
    look(features, cells);
  }
  if (options.depth < 3) return { candidates, pValues, pruned };
  for (const features of combinations(table.features.length, 3)) {
    if (isWorth(features, { table, pairs, overall, options })) look(features, count(features));
    else pruned += 1;
  }
  return { candidates, pValues, pruned };
}

function needFewCombinations(columns: number, depth: number): void {
  let count = 1;
  for (let at = 0; at < depth; at += 1) count *= (columns - at) / (at + 1);
  if (count <= MOST_COMBINATIONS) return;
  const [found, most] = [Math.round(count), MOST_COMBINATIONS].map((number) => number.toLocaleString("en"));
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Slices: ${columns} columns make ${found} combinations of ${depth}, and ${most} are the most: name fewer "columns", or lower "depth".`,
  );
}

interface Search {
  readonly table: SliceTable;
  readonly pairs: ReadonlyMap<string, Cells>;
  readonly overall: Overall;
  readonly options: CompleteSliceOptions;
}

/** Whether some slice of these three columns could score above 0, by its three parents of two. */
function isWorth(features: readonly number[], { table, pairs, overall, options }: Search): boolean {
  const [a, b, c] = features as readonly [number, number, number];
  const [ab, ac, bc] = [pairs.get(`${a},${b}`), pairs.get(`${a},${c}`), pairs.get(`${b},${c}`)];
  if (ab === undefined || ac === undefined || bc === undefined) return true;
  const [m, n] = [partsOf(table, b), partsOf(table, c)];
  const of = (cells: Cells, cell: number) => ({
    rows: cells.rows[cell] as number,
    losses: cells.losses[cell] as number,
  });
  for (let i = 0; i < partsOf(table, a); i += 1) {
    for (let j = 0; j < m; j += 1) {
      const first = of(ab, i * m + j);
      if (scoreBound([first], overall, options) <= 0) continue;
      for (let k = 0; k < n; k += 1) {
        if (scoreBound([first, of(ac, i * n + k), of(bc, j * n + k)], overall, options) > 0) return true;
      }
    }
  }
  return false;
}

function partsOf(table: SliceTable, at: number): number {
  return table.features[at]?.parts.length ?? 0;
}

function codesOf(cell: number, sizes: readonly number[]): number[] {
  const codes: number[] = [];
  let rest = cell;
  for (const size of sizes.toReversed()) {
    codes.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return codes;
}

/** All rising choices of `count` indices below `size`. */
function combinations(size: number, count: number): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: size }, (_, last) =>
    combinations(last, count - 1).map((rest) => [...rest, last]),
  ).flat();
}
