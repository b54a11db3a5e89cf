import { countSorted } from "./value-counts.ts";

/**
 * Counts in bins that are frozen once chosen, so that later windows can be counted in the same ones. Bin i holds
 * the values x with `cuts[i-1] ≤ x < cuts[i]`; the first and the last bin are open to the outside, so every value
 * falls into one of the `cuts.length + 1` bins.
 */
export interface Histogram {
  /** Strictly rising. */
  readonly cuts: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Cuts between distinct values, so that the bins are as equally full as ties allow: each bin takes its share of the
 * rows that are left, and then the rest of the value at which it stopped. When there are no more distinct values than
 * bins, each has one of its own.
 *
 * @param sorted in rising order
 */
export function fairCuts(sorted: Float64Array, bins: number): number[] {
  const few = countSorted(sorted, bins);
  if (few !== null) return few.values.slice(1);
  const cuts: number[] = [];
  let start = 0;
  for (let left = bins; left > 1; left -= 1) {
    let end = start + Math.max(1, Math.round((sorted.length - start) / left));
    while (end < sorted.length && sorted[end] === sorted[end - 1]) end += 1;
    const cut = sorted[end];
    if (cut === undefined) break;
    cuts.push(cut);
    start = end;
  }
  return cuts;
}

/** Whether values counted by the two are in the same bins. */
export function sameCuts(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((cut, place) => cut === second[place]);
}

/** Counts values in frozen bins. @param cuts strictly rising */
export function countInBins(values: ArrayLike<number>, cuts: readonly number[]): Histogram {
  const counts = new Array<number>(cuts.length + 1).fill(0);
  for (let row = 0; row < values.length; row += 1) {
    const bin = binOf(cuts, values[row] as number);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { cuts, counts };
}

/** The bin in which a value lies: how many cuts are at or below it. */
export function binOf(cuts: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds the counts of sorted values to `counts`, by one search per cut. @param cuts strictly rising */
export function addSortedToBins(counts: Float64Array, cuts: Float64Array, sorted: Float64Array): void {
  let start = 0;
  for (let bin = 0; bin < cuts.length && start < sorted.length; bin += 1) {
    const cut = cuts[bin] as number;
    let low = start;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < cut) low = middle + 1;
      else high = middle;
    }
    counts[bin] = (counts[bin] as number) + low - start;
    start = low;
  }
  counts[cuts.length] = (counts[cuts.length] as number) + sorted.length - start;
}

/**
 * Joins neighbouring bins until there are no more than `bins`, as equally full as may be, and none is empty: exact,
 * since a bin is only ever the sum of others.
 */
export function coarsen({ cuts, counts }: Histogram, bins: number): Histogram {
  const filled = counts.filter((count) => count > 0).length;
  let rest = counts.reduce((sum, count) => sum + count, 0);
  let left = bins;
  let open = 0;
  const kept: number[] = [];
  for (const [bin, count] of counts.entries()) {
    const full = filled <= bins || open + count / 2 > rest / left;
    if (open > 0 && count > 0 && left > 1 && full) {
      kept.push(cuts[bin - 1] as number);
      rest -= open;
      left -= 1;
      open = 0;
    }
    open += count;
  }
  return joinBins({ cuts, counts }, kept);
}

/** @param kept some of the histogram's cuts */
export function joinBins({ cuts, counts }: Histogram, kept: readonly number[]): Histogram {
  const joined = new Array<number>(kept.length + 1).fill(0);
  let bin = 0;
  for (const [place, count] of counts.entries()) {
    if (place > 0 && cuts[place - 1] === kept[bin]) bin += 1;
    joined[bin] = (joined[bin] as number) + count;
  }
  return { cuts: [...kept], counts: joined };
}
