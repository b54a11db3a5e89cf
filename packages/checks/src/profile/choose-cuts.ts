import type { Column } from "../batch/column.ts";
import type { FloatSorter } from "../maths/sort.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { copyFinite } from "./finite-values.ts";
import { fairCuts } from "./histogram.ts";
import { scanTensors } from "./summarise-tensors.ts";

/** Some rows of one column. */
export interface ColumnPart {
  readonly column: Column;
  readonly rows: number;
}

/** By which cuts a column is counted. */
export interface ChosenCuts {
  /** One list for numbers and times, three for tensors, none for others. */
  readonly lists: readonly (readonly number[])[];
  /** To how many bins neighbours are joined in the end. */
  readonly bins: number;
}

/** While the data is not at its end, counts in this many times the bins that are wanted. */
const FINER = 8;
/** Values that are looked at. */
const ENOUGH = 20_000;

/**
 * Cuts that divide these rows evenly. When more rows are to come there are more of them, and some beyond the least and
 * the greatest value on either side, so that the bins which are joined in the end fit rows that are spread otherwise.
 *
 * @param complete whether these are all rows
 */
export function chooseCuts(
  parts: readonly ColumnPart[],
  { bins, complete, sort }: { readonly bins: number; readonly complete: boolean; readonly sort: FloatSorter },
): ChosenCuts {
  const lists: Float64Array[][] = [];
  for (const { column, rows } of parts) {
    for (const [place, values] of numbersOf(column, rows).entries()) {
      lists[place] ??= [];
      lists[place].push(values);
    }
  }
  const sorted = lists.map((list) => sort(joined(list)));
  if (complete) return { lists: sorted.map((list) => fairCuts(list, bins)), bins: Number.POSITIVE_INFINITY };
  return { lists: sorted.map((list) => withOuterCuts(fairCuts(list, FINER * bins), list)), bins };
}

/** The cuts that a profile was counted by. */
export function cutsOf(profile: ColumnProfile): ChosenCuts {
  const bins = Number.POSITIVE_INFINITY;
  if (profile.kind === "number" || profile.kind === "time") return { lists: [profile.histogram.cuts], bins };
  if (profile.kind !== "tensor") return { lists: [], bins };
  return {
    lists: [profile.means, profile.minima, profile.maxima].map(({ histogram }) => histogram.cuts),
    bins,
  };
}

/** Cuts on either side at distances that grow by half, to 16,000 times the range; about a constant, from 1e-6 on. */
function withOuterCuts(cuts: readonly number[], sorted: Float64Array): number[] {
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return [];
  const distances =
    min === max
      ? Array.from({ length: 13 }, (_, step) => Math.max(1, Math.abs(min)) * 10 ** (step - 6))
      : Array.from({ length: 24 }, (_, step) => (max - min) * (1.5 ** (step + 1) - 1));
  const below = distances.map((distance) => min - distance).reverse();
  const above = distances.map((distance) => max + distance);
  const all = [...below, ...cuts, ...above].filter(Number.isFinite);
  return all.filter((cut, place) => place === 0 || cut > (all[place - 1] as number));
}

function numbersOf(column: Column, rows: number): Float64Array[] {
  if (column.kind === "number" || column.kind === "time") {
    const target = new Float64Array(rows);
    const { count } = copyFinite(column, target, [0, rows]);
    return [target.subarray(0, count)];
  }
  if (column.kind !== "tensor") return [];
  const { means, minima, maxima, count } = scanTensors(column, rows);
  return [means, minima, maxima].map((values) => values.subarray(0, count));
}

/** All values, or some at equal distances. */
function joined(list: readonly Float64Array[]): Float64Array {
  const length = list.reduce((sum, values) => sum + values.length, 0);
  const step = Math.ceil(length / ENOUGH) || 1;
  const all = new Float64Array(Math.ceil(length / step));
  let at = 0;
  let skip = 0;
  for (const values of list) {
    let place = skip;
    for (; place < values.length; place += step) {
      all[at] = values[place] as number;
      at += 1;
    }
    skip = place - values.length;
  }
  return all;
}
