import { normalBelow, normalQuantile } from "../../maths/normal.ts";
import type { Random } from "../../random/random.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";

/** What a bootstrap needs. */
export interface BootstrapOptions {
  readonly random: Random;
  /** Samples drawn, 100 or more; default 1,000. */
  readonly repetitions?: number;
  readonly confidence?: number;
}

/** Figures of rows, each of which is one of few different ones. */
export interface RowsOfKinds {
  /** By row: which kind of row it is, 0 to `kinds - 1`. */
  readonly kindOf: ArrayLike<number>;
  readonly kinds: number;
  /** The figures, from how many rows of each kind there are; as many each time. */
  readonly of: (counts: Float64Array) => readonly number[];
}

/**
 * The bias-corrected and accelerated bootstrap intervals of some figures (Efron 1987): rows are drawn anew with
 * replacement, and the quantiles of each figure are corrected by its bias and by its jackknife's skew. The same stream
 * of chance gives the same intervals. Where every sample gives one value the interval is it. Of few rows whose figures have long tails, such as the squares
 * of lopsided errors, intervals are too narrow: of lognormal errors they hold a root mean square error in .68 of
 * windows of 30 rows and in .83 of 500, where .95 is asked for.
 */
export function bootstrapEstimates(
  { kindOf, kinds, of }: RowsOfKinds,
  { random, repetitions = 1_000, confidence = 0.95 }: BootstrapOptions,
): Estimate[] {
  const rows = kindOf.length;
  const counts = new Float64Array(kinds);
  for (let row = 0; row < rows; row += 1) (counts[kindOf[row] as number] as number) += 1;
  const values = of(counts);
  const drawn = new Float64Array(kinds);
  const samples: (readonly number[])[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    drawn.fill(0);
    for (let row = 0; row < rows; row += 1) (drawn[kindOf[random.below(rows)] as number] as number) += 1;
    samples.push(of(drawn));
  }
  const left = leaveOneOut(counts, of);
  const z = normalQuantile(confidence);
  return values.map((value, at) => {
    const sorted = Float64Array.from(samples, (sample) => sample[at] ?? Number.NaN)
      .filter((other) => !Number.isNaN(other))
      .sort();
    const correct = correction({ value, sorted, acceleration: acceleration(left, at) });
    return {
      value,
      low: Math.min(value, quantileOf(sorted, correct(-z))),
      high: Math.max(value, quantileOf(sorted, correct(z))),
      standardError: spread(sorted),
      method: "bootstrap",
    };
  });
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

interface LeftOut {
  readonly values: readonly number[];
  /** How many rows it makes no difference which of is left out. */
  readonly rows: number;
}

function leaveOneOut(counts: Float64Array, of: RowsOfKinds["of"]): LeftOut[] {
  const found: LeftOut[] = [];
  for (let kind = 0; kind < counts.length; kind += 1) {
    const rows = counts[kind] as number;
    if (rows === 0) continue;
    counts[kind] = rows - 1;
    found.push({ values: of(counts), rows });
    counts[kind] = rows;
  }
  return found;
}

/** A sixth of the skewness of the figures without one row each. */
function acceleration(left: readonly LeftOut[], at: number): number {
  const known = left
    .map(({ values, rows }) => ({ value: values[at] ?? Number.NaN, rows }))
    .filter(({ value }) => !Number.isNaN(value));
  const total = known.reduce((sum, { rows }) => sum + rows, 0);
  const mean = known.reduce((sum, { value, rows }) => sum + value * rows, 0) / total;
  const power = (of: number) => known.reduce((sum, { value, rows }) => sum + rows * (mean - value) ** of, 0);
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
