import { normalTail } from "../../maths/normal.ts";
import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import type { Bins } from "./bins.ts";
import { namePercent } from "./name-bins.ts";

/** A part of a column's values: how many of the rows had it, and have it. Shares from 0 to 1. */
export type PartChange = {
  /** Such as "60+", "Graz" or "missing". */
  readonly part: string;
  readonly reference: number;
  readonly window: number;
  /** That both shares are the same; for a range of bins, that the whole column is. */
  readonly pValue: number;
};

/** What changed in one column. Plain JSON data. */
export type ColumnChange = {
  readonly column: string;
  /** Total variation over the bins: the share of rows that would have to change, 0 to 1. */
  readonly distance: number;
  /** That nothing changed: over all ranges and bins, before any correction over columns. */
  readonly pValue: number;
  /** The range of values, or the categories, that gained and lost most; only what chance does not explain. */
  readonly gained: readonly PartChange[];
  readonly lost: readonly PartChange[];
  /** Every bin, in order; p values after Benjamini and Hochberg over the column's bins. */
  readonly bins: readonly PartChange[];
  /** Such as "age 60+: 4 % → 19 %; 20–29: 31 % → 18 %". */
  readonly sentence: string;
};

const SIGNIFICANCE = 0.05;
/** Most parts that a sentence names as gained or lost. */
const MOST_PARTS = 3;

export function columnChange(column: string, bins: Bins): ColumnChange {
  const [rows, rowsNow] = [sum(bins.reference) || 1, sum(bins.window) || 1];
  const shares = bins.reference.map((count, at) => [count / rows, (bins.window[at] ?? 0) / rowsNow] as const);
  const adjusted = adjustPValues(
    bins.reference.map((count, at) => proportionsTest([count, rows], [bins.window[at] ?? 0, rowsNow])),
    "benjamini-hochberg",
  );
  const each = shares.map(
    ([reference, window], at): PartChange => ({
      part: bins.name(at, at),
      reference,
      window,
      pValue: adjusted[at] ?? 1,
    }),
  );
  const single = each.slice(bins.ordered).filter(({ pValue }) => pValue <= SIGNIFICANCE);
  const search = { shares, rows, rowsNow };
  const [grown, shrunk] = [1, -1].map((sign) => rangeChange(bins, { ...search, sign }));
  // What one half gained the other lost: that is said once.
  const halves = (grown?.bins ?? 0) + (shrunk?.bins ?? 0) === bins.ordered;
  const ranges = [grown, halves ? undefined : shrunk].flatMap((range) =>
    range && range.change.pValue <= SIGNIFICANCE ? [range.change] : [],
  );
  const changed = [...ranges, ...single].toSorted((a, b) => sizeOf(b) - sizeOf(a));
  // Kuiper's p value is for all ranges at once; the least of adjusted ones is Simes' test of all bins.
  const ofRanges = Math.min(1, ...[grown, shrunk].flatMap((range) => range?.change.pValue ?? []));
  const ofBins = Math.min(1, ...each.slice(bins.ordered).map(({ pValue }) => pValue));
  const gained = changed.filter(({ reference, window }) => window > reference).slice(0, MOST_PARTS);
  const lost = changed.filter(({ reference, window }) => window < reference).slice(0, MOST_PARTS);
  return {
    column,
    distance: sum(shares.map(([reference, window]) => Math.abs(window - reference))) / 2,
    pValue: Math.min(1, 2 * ofRanges, 2 * ofBins),
    gained,
    lost,
    bins: each,
    sentence: sentenceOf(column, [...gained, ...lost]),
  };
}

function sentenceOf(column: string, parts: readonly PartChange[]): string {
  if (parts.length === 0) return `${column}: no range or category changed by more than chance`;
  const said = parts.map(
    ({ part, reference, window }) => `${part}: ${namePercent(reference)} → ${namePercent(window)}`,
  );
  return `${column} ${said.join("; ")}`;
}

function sizeOf({ reference, window }: PartChange): number {
  return Math.abs(window - reference);
}

interface RangeSearch {
  readonly shares: readonly (readonly [number, number])[];
  /** 1 for the range that gained most, -1 for the one that lost most. */
  readonly sign: number;
  readonly rows: number;
  readonly rowsNow: number;
}

/**
 * The run of bins that gained most: the largest sum of neighbours (Kadane). Its gain is at most Kuiper's statistic V,
 * so Kuiper's p value pays for having looked at every range.
 */
function rangeChange(
  bins: Bins,
  { shares, sign, rows, rowsNow }: RangeSearch,
): { change: PartChange; bins: number } | undefined {
  let best = { from: 0, to: 0, gain: 0 };
  let from = 0;
  let gain = 0;
  for (let to = 0; to < bins.ordered; to += 1) {
    const [reference, window] = shares[to] ?? [0, 0];
    gain += sign * (window - reference);
    if (gain <= 0) {
      gain = 0;
      from = to + 1;
    } else if (gain > best.gain) best = { from, to, gain };
  }
  const pValue = kuiperTail(best.gain, (rows * rowsNow) / (rows + rowsNow));
  if (best.gain === 0) return undefined;
  const [reference, window] = ([0, 1] as const).map((side) =>
    sum(shares.slice(best.from, best.to + 1).map((pair) => pair[side])),
  ) as [number, number];
  return {
    change: { part: bins.name(best.from, best.to), reference, window, pValue },
    bins: best.to - best.from + 1,
  };
}

/** Kuiper's limit with Stephens' correction (Stephens 1970; Press et al., Numerical Recipes, 3rd edition, 14.3.4). */
function kuiperTail(statistic: number, effective: number): number {
  const root = Math.sqrt(effective);
  const x = (root + 0.155 + 0.24 / root) * statistic;
  if (x < 0.4) return 1;
  let tail = 0;
  for (let j = 1; j <= 100; j += 1) {
    const term = 2 * (4 * j * j * x * x - 1) * Math.exp(-2 * j * j * x * x);
    tail += term;
    if (Math.abs(term) < 1e-18) break;
  }
  return Math.min(1, Math.max(0, tail));
}

/** χ² of two proportions with one degree of freedom and Yates' correction. */
function proportionsTest([a, n]: readonly [number, number], [b, m]: readonly [number, number]): number {
  const share = (a + b) / (n + m);
  if (share === 0 || share === 1) return 1;
  const gap = Math.abs(a / n - b / m) - (1 / n + 1 / m) / 2;
  return gap <= 0 ? 1 : normalTail(gap / Math.sqrt(share * (1 - share) * (1 / n + 1 / m)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
