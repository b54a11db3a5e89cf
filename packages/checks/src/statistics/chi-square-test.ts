import { chiSquareTail } from "../maths/incomplete-gamma.ts";
import {
  type CountDistance,
  type Counts,
  chiSquare,
  gStatistic,
  totalOf,
} from "./distance/count-distances.ts";
import { needCounts } from "./need-sample.ts";

/** The answer of `chiSquareTest` and `gTest`. */
export interface CountTestResult {
  /** χ² or G, 0 and up. */
  readonly statistic: number;
  /** 0 to 1. */
  readonly pValue: number;
  /** Bins that are not empty in both samples, less one. */
  readonly degreesOfFreedom: number;
  /** Cramér's V of two samples, √(statistic / rows): the size of the difference, 0 to 1 (for G its analogue). */
  readonly effect: number;
  /** The smallest count expected in any bin: where it is below 5 the law of χ² is a rough guess (Cochran 1954). */
  readonly smallestExpected: number;
}

/**
 * Pearson's test of homogeneity: do two samples, counted in the same categories, come from one distribution? Without
 * Yates' correction. Where `smallestExpected` is below 5 use `fisherExact` (two categories) or merge rare categories.
 *
 * @param first rows by category, as long as `second`
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, other lengths, or what is no count
 */
export function chiSquareTest(first: Counts, second: Counts): CountTestResult {
  return countTest(first, second, chiSquare);
}

/**
 * The likelihood ratio test of homogeneity (Wilks 1938; Sokal and Rohlf's G): as `chiSquareTest`, and near to it except
 * where counts are small. Without correction.
 *
 * @param first rows by category, as long as `second`
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, other lengths, or what is no count
 */
export function gTest(first: Counts, second: Counts): CountTestResult {
  return countTest(first, second, gStatistic);
}

function countTest(first: Counts, second: Counts, statisticOf: CountDistance): CountTestResult {
  needCounts(first, second);
  const [n, m] = [totalOf(first), totalOf(second)];
  let bins = 0;
  let rarest = Number.POSITIVE_INFINITY;
  for (let bin = 0; bin < first.length; bin += 1) {
    const pooled = (first[bin] as number) + (second[bin] as number);
    if (pooled === 0) continue;
    bins += 1;
    rarest = Math.min(rarest, pooled);
  }
  const statistic = statisticOf(first, second);
  const degreesOfFreedom = bins - 1;
  return {
    statistic,
    pValue: degreesOfFreedom === 0 ? 1 : chiSquareTail(statistic, degreesOfFreedom),
    degreesOfFreedom,
    effect: Math.min(1, Math.sqrt(statistic / (n + m))),
    smallestExpected: (rarest * Math.min(n, m)) / (n + m),
  };
}
