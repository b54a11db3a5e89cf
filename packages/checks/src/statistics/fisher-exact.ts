import type { Urn } from "./hypergeometric.ts";
import { hypergeometricTails } from "./hypergeometric-tails.ts";
import { needShare, type Share } from "./share.ts";

/** The answer of `fisherExact`. */
export interface FisherResult {
  /** The odds ratio of the table, 0 to Infinity; NaN where no row or every row of both samples is a hit. */
  readonly statistic: number;
  /** Two-sided, 0 to 1: the chance of all tables that are no likelier than this one. */
  readonly pValue: number;
}

/**
 * Fisher's exact test (1922): do two samples have the same share of hits? Right for any size, and conservative for small
 * ones; for thousands of rows `proportionsTest` says nearly the same.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, more hits than rows, or what is no count
 */
export function fisherExact(first: Share, second: Share): FisherResult {
  needShare(first, "first");
  needShare(second, "second");
  const urn: Urn = { marked: first.rows, others: second.rows, drawn: first.hits + second.hits };
  const statistic = (first.hits * (second.rows - second.hits)) / ((first.rows - first.hits) * second.hits);
  return { statistic, pValue: hypergeometricTails(urn, first.hits).noLikelier };
}
