import type { Random } from "../../random/random.ts";
import type { Estimate } from "./estimate.ts";
import { normalBelow, normalQuantile } from "./normal-quantile.ts";

/** What a bootstrap needs. */
export interface BootstrapOptions {
  readonly random: Random;
  /** Samples drawn, 100 or more; default 1,000. */
  readonly repetitions?: number;
  readonly confidence?: number;
}

/** A figure of rows, each of which is one of few different ones. */
export interface RowsOfKinds {
  /** By row: which kind of row it is, 0 to `kinds - 1`. */
  readonly kindOf: ArrayLike<number>;
  readonly kinds: number;
  /** The figure, from how many rows of each kind there are. */
  readonly of: (counts: Float64Array) => number;
}

/**
 * The bias-corrected and accelerated bootstrap interval (Efron 1987): rows are drawn anew with replacement, and the
 * quantiles of the figure are corrected by its bias and by its jackknife's skew. The same stream of chance gives the
 * same interval. Where every sample gives one value, as for a faultless model, the interval is that value.
 */
export function bootstrapEstimate(
  { kindOf, kinds, of }: RowsOfKinds,
  { random, repetitions = 1_000, confidence = 0.95 }: BootstrapOptions,
): Estimate {
  const rows = kindOf.length;
  const counts = new Float64Array(kinds);
  for (let row = 0; row < rows; row += 1) (counts[kindOf[row] as number] as number) += 1;
  const value = of(counts);
  const drawn = new Float64Array(kinds);
  const values = new Float64Array(repetitions);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    drawn.fill(0);
    for (let row = 0; row < rows; row += 1) (drawn[kindOf[random.below(rows)] as number] as number) += 1;
    values[repetition] = of(drawn);
  }
  const sorted = values.filter((other) => !Number.isNaN(other)).sort();
  const correct = correction({ value, sorted, acceleration: acceleration(counts, of) });
  const z = normalQuantile(confidence);
  return {
    value,
    low: Math.min(value, quantileOf(sorted, correct(-z))),
    high: Math.max(value, quantileOf(sorted, correct(z))),
    standardError: spread(sorted),
    method: "bootstrap",
  };
}

interface Bootstrapped {
  readonly value: number;
  readonly sorted: Float64Array;
  readonly acceleration: number;
}

/** Which share of the sorted values the interval's end at z stands at. */
function correction({ value, sorted, acceleration: a }: Bootstrapped): (z: number) => number {
  const below = sorted.filter((other) => other < value).length;
  const equal = sorted.filter((other) => other === value).length;
  const share = (below + equal / 2) / sorted.length;
  const least = 0.5 / sorted.length;
  const bias = inverseNormal(Math.min(1 - least, Math.max(least, share)));
  return (z) => normalBelow(bias + (bias + z) / (1 - a * (bias + z)));
}

/** A sixth of the skewness of the figures without one row each. */
function acceleration(counts: Float64Array, of: RowsOfKinds["of"]): number {
  const without: { readonly value: number; readonly rows: number }[] = [];
  for (let kind = 0; kind < counts.length; kind += 1) {
    const rows = counts[kind] as number;
    if (rows === 0) continue;
    counts[kind] = rows - 1;
    const value = of(counts);
    counts[kind] = rows;
    if (!Number.isNaN(value)) without.push({ value, rows });
  }
  const total = without.reduce((sum, { rows }) => sum + rows, 0);
  const mean = without.reduce((sum, { value, rows }) => sum + value * rows, 0) / total;
  const power = (of: number) =>
    without.reduce((sum, { value, rows }) => sum + rows * (mean - value) ** of, 0);
  const squares = power(2);
  return squares > 0 ? power(3) / (6 * squares ** 1.5) : 0;
}

function inverseNormal(share: number): number {
  return share < 0.5 ? -normalQuantile(1 - 2 * share) : normalQuantile(2 * share - 1);
}

function quantileOf(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length - 1)));
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
