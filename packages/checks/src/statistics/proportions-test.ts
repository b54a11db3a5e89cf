import { normalTail } from "../maths/normal.ts";
import { needShare, type Share } from "./share.ts";

/** The answer of `proportionsTest`. */
export interface ProportionsResult {
  /** z: how many standard errors the first share lies above the second. */
  readonly statistic: number;
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
  /** The first share less the second, −1 to 1. */
  readonly effect: number;
}

/**
 * The z test of two shares with a pooled variance. Fit for samples with at least about 5 hits and 5 others each; below
 * that use `fisherExact`. Its square is `chiSquareTest` of the same table.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, more hits than rows, or what is no count
 */
export function proportionsTest(first: Share, second: Share): ProportionsResult {
  needShare(first, "first");
  needShare(second, "second");
  const effect = first.hits / first.rows - second.hits / second.rows;
  const pooled = (first.hits + second.hits) / (first.rows + second.rows);
  const variance = pooled * (1 - pooled) * (1 / first.rows + 1 / second.rows);
  if (variance === 0) return { statistic: 0, pValue: 1, effect };
  const statistic = effect / Math.sqrt(variance);
  return { statistic, pValue: normalTail(statistic), effect };
}
