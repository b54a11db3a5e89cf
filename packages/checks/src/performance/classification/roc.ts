import type { Ranking } from "./ranking.ts";

/** A point of a ROC curve: what comes of predicting positive from `threshold` on. */
export interface RocPoint {
  /** Infinite for the first point, where nothing is predicted positive. */
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** All points, from (0, 0) to (1, 1); NaN rates when a class has no row. scikit-learn's `roc_curve` without dropping. */
export function rocCurve({
  scores,
  positives,
  negatives,
  positiveTotal,
  negativeTotal,
}: Ranking): RocPoint[] {
  const points: RocPoint[] = [
    { threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 },
  ];
  let hits = 0;
  let alarms = 0;
  for (let step = 0; step < scores.length; step += 1) {
    hits += positives[step] as number;
    alarms += negatives[step] as number;
    points.push({
      threshold: scores[step] as number,
      falsePositiveRate: alarms / negativeTotal,
      truePositiveRate: hits / positiveTotal,
    });
  }
  return points;
}

/**
 * The area under the ROC curve: the chance that a positive row has a greater score than a negative one, ties counting
 * half (the Mann–Whitney statistic). NaN when a class has no row.
 */
export function rocAuc({ positives, negatives, positiveTotal, negativeTotal }: Ranking): number {
  let above = 0;
  let pairs = 0;
  for (let step = 0; step < positives.length; step += 1) {
    const own = positives[step] as number;
    pairs += (negatives[step] as number) * (above + own / 2);
    above += own;
  }
  return pairs / (positiveTotal * negativeTotal);
}

/** How far the area may be from that of the scores themselves when each step stands for scores that differ. */
export function binnedAucError({ positives, negatives, positiveTotal, negativeTotal }: Ranking): number {
  let tied = 0;
  for (let step = 0; step < positives.length; step += 1) {
    tied += (positives[step] as number) * (negatives[step] as number);
  }
  return tied / 2 / (positiveTotal * negativeTotal);
}
