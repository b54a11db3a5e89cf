import type { Correction } from "../statistics/adjust-p-values.ts";
import type { Verdict, VerdictStatus } from "../verdict/verdict.ts";
import type { DriftProblem } from "./drift-problem.ts";

/** What `checkDrift` answers. */
export interface DriftVerdict extends Verdict {
  readonly kind: "drift";
  readonly evidence: Readonly<Record<string, DriftEvidence>>;
}

/** What was seen in one column. The four figures are null when the column is `invalid`. */
export type DriftEvidence = {
  readonly status: VerdictStatus;
  /** Kolmogorov–Smirnov D, 0 to 1. */
  readonly statistic: number | null;
  readonly pValue: number | null;
  /** After the correction over all columns judged. */
  readonly adjustedPValue: number | null;
  /** On a scale of 0 to 1, to be held against the minimum effect. Here D itself. */
  readonly effect: number | null;
  readonly test: "ks-exact" | "ks-asymptotic" | null;
  readonly correction: Correction;
  /** Whether the test used all reference values or, where the profile keeps fewer, its random sample of them. */
  readonly basis: "all-values" | "reservoir";
  readonly referenceCount: number;
  readonly currentCount: number;
  readonly problem: DriftProblem | null;
  /** What stood in the way, and what to do; null when the column was judged. */
  readonly message: string | null;
};
