import { outsideProbability } from "./ks-exact.ts";
import { limitProbability } from "./ks-limit.ts";
import { needCount, refused } from "./need-sample.ts";

/** How `ksTwoSample` finds its p value. */
export interface KsOptions {
  /**
   * `exact` counts every arrangement (time grows with the product of the sizes); `asymptotic` uses the limit
   * distribution; `auto` is exact while the product of the sizes is at most 10,000,000.
   */
  readonly method?: "auto" | "exact" | "asymptotic";
  /**
   * `condition`: the exact p value is the permutation one, given the tied values that were seen, so it is right for
   * discrete columns. `ignore`: as if no two values could be equal (what SciPy does); with ties it is too large.
   * The asymptotic p value always ignores ties, so it is too large rather than too small.
   */
  readonly ties?: "condition" | "ignore";
}

/** The answer of `ksTwoSample`. */
export interface KsResult {
  /** D: the largest distance between the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
  readonly method: "exact" | "asymptotic";
  /** Whether some value occurs more than once in the two samples together. */
  readonly tied: boolean;
}

/** The greatest product of the sizes of which `auto` counts every arrangement. */
export const KS_EXACT_LIMIT = 10_000_000;

/**
 * Two-sample Kolmogorov–Smirnov test: do two samples of a number come from one distribution? It sees any difference
 * of location, spread or shape. Infinities are values like others (only the order counts).
 *
 * Exact p values by counting lattice paths (Hodges 1957, with ties: Schröer and Trenkler 1995); beyond that
 * Kolmogorov's limit with Hodges' correction.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID when a sample is empty or holds NaN
 */
export function ksTwoSample(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { method = "auto", ties = "condition" }: KsOptions = {},
): KsResult {
  const a = sorted(first, "first");
  const b = sorted(second, "second");
  const { distance, groupEnds } = walk(a, b);
  const statistic = distance / (a.length * b.length);
  const tied = groupEnds.length < a.length + b.length;
  if (!isExact(method, a.length, b.length) || ties === "ignore") {
    return { statistic, ...ksPValue(statistic, [a.length, b.length], { method }), tied };
  }
  const pValue = outsideProbability(distance, a.length, b.length, groupEnds);
  return { statistic, pValue, method: "exact", tied };
}

/**
 * The p value of a distance D that is known already, as if no two values could be equal: for one that asks for many, or
 * that keeps no samples. What `ksTwoSample` says with `ties: "ignore"`.
 *
 * @param statistic D, 0 to 1
 * @param sizes of the two samples, 1 or more each
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID when it is no distance, or these are no sizes
 */
export function ksPValue(
  statistic: number,
  [first, second]: readonly [number, number],
  { method = "auto" }: Pick<KsOptions, "method"> = {},
): Pick<KsResult, "pValue" | "method"> {
  needCount(first - 1, "One less than the first size");
  needCount(second - 1, "One less than the second size");
  if (!(statistic >= 0 && statistic <= 1))
    throw refused(`The statistic is ${statistic}`, "give D, from 0 to 1");
  if (!isExact(method, first, second)) {
    return { pValue: limitProbability(statistic, first, second), method: "asymptotic" };
  }
  const ends = Array.from({ length: first + second }, (_, index) => index + 1);
  const distance = Math.round(statistic * first * second);
  return { pValue: outsideProbability(distance, first, second, ends), method: "exact" };
}

function isExact(method: KsOptions["method"], first: number, second: number): boolean {
  return method === "exact" || (method === "auto" && first * second <= KS_EXACT_LIMIT);
}

function sorted(values: ArrayLike<number>, name: string): Float64Array {
  if (values.length === 0) {
    throw refused(`The ${name} sample is empty`, "give it at least one value");
  }
  const copy = Float64Array.from(values);
  const bad = copy.findIndex(Number.isNaN);
  if (bad >= 0) {
    throw refused(`Value ${bad} of the ${name} sample is NaN`, "leave missing values out before testing");
  }
  return copy.sort();
}

interface Walk {
  /** D times the product of the sizes: a whole number, so that comparisons are exact. */
  readonly distance: number;
  /** How many of all values lie at or below each distinct value. */
  readonly groupEnds: readonly number[];
}

/** Walks through both samples in order, comparing only between distinct values. */
function walk(a: Float64Array, b: Float64Array): Walk {
  const groupEnds: number[] = [];
  let distance = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    while (a[i] === value) i += 1;
    while (b[j] === value) j += 1;
    groupEnds.push(i + j);
    distance = Math.max(distance, Math.abs(i * b.length - j * a.length));
  }
  return { distance, groupEnds };
}
