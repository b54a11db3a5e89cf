import { needScored } from "../../answers/need-scored.ts";

/** Rows of two classes, as a score ranks them: one step for each distinct score, the greatest first. */
export interface Ranking {
  readonly scores: Float64Array;
  /** Weight of the positive rows with this score. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly positiveTotal: number;
  readonly negativeTotal: number;
}

/**
 * @param scores of any size, greater means more likely positive; none NaN
 * @param positive by row, 1 for positive and 0 for negative; between them for a row that is both, in parts
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID naming the row
 */
export function rankScores(
  scores: Float64Array,
  positive: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Ranking {
  needScored("Ranking", { scores, labels: positive, weights }, [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  const order = fallingOrder(scores);
  const steps = new Float64Array(order.length);
  const positives = new Float64Array(order.length);
  const negatives = new Float64Array(order.length);
  let count = 0;
  let positiveTotal = 0;
  let negativeTotal = 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] as number;
    const score = scores[row] as number;
    if (count === 0 || score !== steps[count - 1]) steps[count++] = score;
    const weight = weights?.[row] ?? 1;
    const share = positive[row] as number;
    (positives[count - 1] as number) += weight * share;
    (negatives[count - 1] as number) += weight * (1 - share);
    positiveTotal += weight * share;
    negativeTotal += weight * (1 - share);
  }
  return {
    scores: steps.subarray(0, count),
    positives: positives.subarray(0, count),
    negatives: negatives.subarray(0, count),
    positiveTotal,
    negativeTotal,
  };
}

function fallingOrder(scores: Float64Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, row) => row);
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
}
