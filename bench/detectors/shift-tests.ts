import { createRandom } from "@scanflow/checks/random";
import { ksPValue } from "@scanflow/checks/statistics";
import type { DigitFeatures } from "./digit-features.ts";
import { drawRows } from "./draw-rows.ts";
import { type RankedColumn, rankColumn } from "./ranked-column.ts";

const SIGNIFICANCE = 0.05;
/** Up to so many pairs the p values of Bonferroni's are exact; beyond, they follow the limit law. */
const EXACT_PAIRS = 2_000_000;

/** Images as places in the reference, ready for windows to be drawn from. */
export interface RankedDigits {
  readonly rows: number;
  readonly keys: readonly Int32Array[];
  readonly predicted: Uint8Array;
}

/** A window is made of rows of one or two sets of images. */
export type Window = readonly { readonly from: RankedDigits; readonly rows: ArrayLike<number> }[];

export const METHODS = ["softmax, Bonferroni", "softmax, simulated", "combined"] as const;
export type Method = (typeof METHODS)[number];

/** Which methods ring. */
export type Answers = Readonly<Record<Method, boolean>>;

export interface ShiftTests {
  rank(features: DigitFeatures): RankedDigits;
  /** Draws windows of one size from the reference; the answer judges windows of that size. */
  calibrate(size: number, draws: number): (window: Window) => Answers;
}

/**
 * - `softmax, Bonferroni`: a Kolmogorov–Smirnov test of each softmax output, each at a tenth of .05 (the best simple
 *   method of Failing Loudly)
 * - `softmax, simulated`: the same largest distance, held against windows drawn from the reference itself
 * - `combined`: the largest and the summed squared distances of the softmax outputs, of the default detector's views
 *   and of its latent vector, and χ² of the predicted classes. Each gets a p value by such windows, the harmonic mean
 *   (Wilson, PNAS 2019) makes them one, and that is held against other such windows
 */
export function prepareTests(reference: DigitFeatures): ShiftTests {
  const columns = columnsOf(reference);
  const ranked = columns.map(rankColumn);
  const softmaxCount = reference.softmax.length;
  const groups = groupsOf(reference);
  const shares = countClasses(reference.predicted, reference.predicted.keys()).map(
    (count) => Math.max(count, 0.5) / reference.rows,
  );
  const pool = rank(reference);

  function rank(features: DigitFeatures): RankedDigits {
    const keys = columnsOf(features).map((column, at) =>
      Int32Array.from(column, (value) => (ranked[at] as RankedColumn).keyOf(value)),
    );
    return { rows: features.rows, keys, predicted: features.predicted };
  }

  /** Squared distances and χ², all of which grow alike with the size; the softmax outputs' largest D comes first. */
  function measure(window: Window): number[] {
    const squares = ranked.map((column, at) => column.distance(gather(window, at)) ** 2);
    const parts = groups.flatMap(([from, to]) => {
      const group = squares.slice(from, to);
      return [Math.max(...group), group.reduce((sum, square) => sum + square, 0)];
    });
    return [...parts, chiSquare(window, shares)];
  }

  /**
   * A window of k rows out of N differs from all N with the variance (N − k) / (k N); n fresh rows differ from a
   * reference of N with (N + n) / (n N).
   */
  function nullsOf(size: number, draws: number): number[][] {
    const rows = Math.min(size, pool.rows >> 1);
    const widen = ((pool.rows + size) * rows) / (size * (pool.rows - rows));
    const random = createRandom(17, `null/${size}`);
    return Array.from({ length: draws }, () =>
      measure([{ from: pool, rows: drawRows(pool.rows, rows, random) }]).map((value) => value * widen),
    );
  }

  function calibrate(size: number, draws: number): (window: Window) => Answers {
    const nulls = nullsOf(size, draws);
    const half = draws >> 1;
    const first = nulls.slice(0, half);
    const singles = (nulls[0] ?? []).map((_, at) => sorted(first.map((values) => values[at] as number)));
    const score = (values: readonly number[]) =>
      -harmonicMean(values.map((value, at) => tail(singles[at], value)));
    const combined = sorted(nulls.slice(half).map(score));
    const softmax = sorted(nulls.map(([largest]) => largest as number));
    const method = pool.rows * size <= EXACT_PAIRS ? "exact" : "asymptotic";
    return (window) => {
      const values = measure(window);
      const largest = values[0] as number;
      return {
        "softmax, Bonferroni":
          softmaxCount * ksPValue(Math.sqrt(largest), [pool.rows, size], { method }).pValue <= SIGNIFICANCE,
        "softmax, simulated": tail(softmax, largest) <= SIGNIFICANCE,
        combined: tail(combined, score(values)) <= SIGNIFICANCE,
      };
    };
  }

  return { rank, calibrate };
}

function columnsOf({ softmax, views, latent }: DigitFeatures): readonly Float64Array[] {
  return [...softmax, ...views, ...latent];
}

/** From which column to which a group reaches. */
function groupsOf({ softmax, views, latent }: DigitFeatures): readonly (readonly [number, number])[] {
  let from = 0;
  return [softmax, views, latent].map(({ length }) => {
    from += length;
    return [from - length, from] as const;
  });
}

function gather(window: Window, column: number): Int32Array {
  const keys = new Int32Array(window.reduce((sum, { rows }) => sum + rows.length, 0));
  let to = 0;
  for (const { from, rows } of window) {
    const source = from.keys[column] as Int32Array;
    for (let at = 0; at < rows.length; at += 1) keys[to++] = source[rows[at] as number] as number;
  }
  return keys;
}

function countClasses(predicted: Uint8Array, rows: Iterable<number>): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const row of rows) (counts[predicted[row] as number] as number) += 1;
  return counts;
}

/** χ² of the window's classes, over its size widened as squared distances are: times 1 / rows. */
function chiSquare(window: Window, shares: readonly number[]): number {
  const size = window.reduce((sum, { rows }) => sum + rows.length, 0);
  const counts = window.map(({ from, rows }) => countClasses(from.predicted, Array.from(rows)));
  return shares.reduce((sum, share, label) => {
    const found = counts.reduce((total, each) => total + (each[label] as number), 0) / size;
    return sum + (found - share) ** 2 / share;
  }, 0);
}

/** Share of null windows that show at least as much; never 0. */
function tail(nulls: Float64Array | undefined, value: number): number {
  if (nulls === undefined) return 1;
  let [low, high] = [0, nulls.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    // Equal but for rounding counts as equal.
    if ((nulls[middle] as number) < value - 1e-12 * Math.abs(value)) low = middle + 1;
    else high = middle;
  }
  return (1 + nulls.length - low) / (1 + nulls.length);
}

function harmonicMean(values: readonly number[]): number {
  return values.length / values.reduce((sum, value) => sum + 1 / value, 0);
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
