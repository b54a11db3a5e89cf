import type { CompleteSliceOptions } from "./slice-options.ts";

/** All rows: what slices are measured against. */
export interface Overall {
  readonly rows: number;
  readonly losses: number;
  readonly mean: number;
  /** Of single losses; the mean square deviation. */
  readonly variance: number;
  readonly greatest: number;
}

export function summariseLosses(losses: Float64Array): Overall {
  let total = 0;
  let greatest = 0;
  for (const loss of losses) {
    total += loss;
    if (loss > greatest) greatest = loss;
  }
  const mean = total / losses.length;
  let squares = 0;
  for (const loss of losses) squares += (loss - mean) ** 2;
  return { rows: losses.length, losses: total, mean, variance: squares / losses.length, greatest };
}

/**
 * SliceLine's score (Sagadeeva and Boehm 2021, equation 5): how much worse than the whole, less a price for being
 * small. 0 for all rows; slices above 0 are worth a look.
 */
export function sliceScore(
  { rows, losses }: Pick<Overall, "rows" | "losses">,
  overall: Overall,
  { lossWeight }: Pick<CompleteSliceOptions, "lossWeight">,
): number {
  const worse = losses / rows / overall.mean - 1;
  return lossWeight * worse - (1 - lossWeight) * (overall.rows / rows - 1);
}

/** The best score that any part of the given slices can have (SliceLine's bound, equation 6). */
export function scoreBound(
  parents: readonly Pick<Overall, "rows" | "losses">[],
  overall: Overall,
  options: Pick<CompleteSliceOptions, "lossWeight" | "minimumSupport">,
): number {
  const most = Math.min(...parents.map(({ rows }) => rows));
  const losses = Math.min(...parents.map((parent) => parent.losses));
  if (most < options.minimumSupport) return Number.NEGATIVE_INFINITY;
  const dense = Math.min(most, Math.max(options.minimumSupport, losses / overall.greatest));
  const scores = [dense, most].map((rows) =>
    sliceScore({ rows, losses: Math.min(losses, rows * overall.greatest) }, overall, options),
  );
  return Math.max(...scores);
}
