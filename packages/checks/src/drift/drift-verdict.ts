import type { Correction } from "../statistics/adjust-p-values.ts";
import type { Verdict, VerdictStatus } from "../verdict/verdict.ts";
import type { DriftProblem } from "./drift-problem.ts";
import type { DriftTest } from "./drift-tests.ts";

/** What `checkDrift` answers. Evidence stands by column, and by `column [slicing column=slice]` for slices. */
export interface DriftVerdict extends Verdict {
  readonly kind: "drift";
  readonly evidence: Readonly<Record<string, DriftEvidence>>;
}

/**
 * What a column was judged by.
 *
 * - `all-values`: every value of both sides, or their counts
 * - `bins`: the counts of all values in the reference's frozen bins, or of each text
 * - `reservoir`: the random sample of rows that a profile keeps, of one side or both
 */
export type DriftBasis = "all-values" | "bins" | "reservoir";

/** How a p value was found: counted exactly, by a limit law, or by drawing what chance would do. */
export type DriftMethod = "exact" | "asymptotic" | "permutation";

/** What was seen in one column. The figures are null when the column is `invalid`. */
export type DriftEvidence = {
  readonly status: VerdictStatus;
  /** Of the test. */
  readonly statistic: number | null;
  readonly pValue: number | null;
  /** After the correction over all columns, slices and shares of missing values judged. */
  readonly adjustedPValue: number | null;
  /** How large the difference is: the statistic itself or a measure that is easier to read. */
  readonly effect: number | null;
  /** The effect that chance alone shows on average at these sizes: what exceeds it is held against `minimumEffect`. */
  readonly effectByChance: number | null;
  /** What the effect is called. */
  readonly effectName: string | null;
  readonly minimumEffect: number | null;
  readonly test: DriftTest | null;
  readonly method: DriftMethod | null;
  readonly correction: Correction;
  readonly basis: DriftBasis | null;
  /** Values that are there. */
  readonly referenceCount: number;
  readonly currentCount: number;
  /** Shares of rows without a value, where either side has some. */
  readonly missing: MissingEvidence | null;
  /** Texts that the reference does not have, the most frequent first; at most 20. */
  readonly newTexts: readonly string[];
  readonly problem: DriftProblem | null;
  /** What stood in the way, and what to do; null when the column was judged. */
  readonly message: string | null;
};

/** Shares of rows without a value, 0 to 1, and how likely so great a change of them is by chance. */
export type MissingEvidence = {
  readonly status: VerdictStatus;
  readonly reference: number;
  readonly current: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
};
