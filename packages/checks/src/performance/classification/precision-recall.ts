import type { Ranking } from "./ranking.ts";

/** A point of a precision–recall curve: what comes of predicting positive from `threshold` on. */
export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/** One point for each distinct score, the greatest first: recall rises. scikit-learn's curve, read backwards, without its last point. */
export function precisionRecallCurve({
  scores,
  positives,
  negatives,
  positiveTotal,
}: Ranking): PrecisionRecallPoint[] {
  let hits = 0;
  let named = 0;
  return Array.from(scores, (threshold, step) => {
    hits += positives[step] as number;
    named += (positives[step] as number) + (negatives[step] as number);
    return { threshold, precision: hits / named, recall: hits / positiveTotal };
  });
}

/**
 * The mean precision over the positive rows, by steps: Σ (Rₙ − Rₙ₋₁) Pₙ as in scikit-learn. No line is drawn between
 * points, which would flatter (Davis and Goadrich 2006). NaN without a positive row.
 */
export function averagePrecision(ranking: Ranking): number {
  if (ranking.positiveTotal === 0) return Number.NaN;
  let area = 0;
  let last = 0;
  for (const { precision, recall } of precisionRecallCurve(ranking)) {
    if (recall > last) area += (recall - last) * precision;
    last = recall;
  }
  return area;
}
