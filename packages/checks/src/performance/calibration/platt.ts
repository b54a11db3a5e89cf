import { needScored } from "../../answers/need-scored.ts";
import type { Calibrator } from "./isotonic.ts";

/**
 * Platt's scaling (1999): a logistic curve through the log-odds of the scores, with his smoothed targets, by Newton's
 * method. Two numbers are learned, so few labels are enough; a miscalibration of another shape stays.
 *
 * @param scores probabilities, 0 to 1
 * @param labels 0 or 1, one for each score
 * @param weights how much each counts, 0 or more; null when all count 1
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID naming the row
 */
export function fitPlatt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Calibrator {
  needScored("Platt's calibration", { scores, labels, weights });
  const rows = scores.length;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  let [positives, negatives] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    positives += weightOf(row) * (labels[row] as number);
    negatives += weightOf(row) * (1 - (labels[row] as number));
  }
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let [slope, shift] = [1, 0];
  for (let step = 0; step < 50; step += 1) {
    let [a, b, aa, ab, bb] = [0, 0, 1e-9, 0, 1e-9];
    for (let row = 0; row < rows; row += 1) {
      const x = logOdds(scores[row] as number);
      const p = sigmoid(slope * x + shift);
      const target = (labels[row] as number) * (high - low) + low;
      const weight = weightOf(row);
      const curve = weight * p * (1 - p);
      a += weight * (p - target) * x;
      b += weight * (p - target);
      aa += curve * x * x;
      ab += curve * x;
      bb += curve;
    }
    const determinant = aa * bb - ab * ab;
    if (!(determinant > 1e-12)) break;
    const [down, across] = [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
    slope -= down;
    shift -= across;
    if (Math.abs(down) + Math.abs(across) < 1e-10) break;
  }
  return (score) => sigmoid(slope * logOdds(score) + shift);
}

/** Of 0 and 1 the nearest that is finite. */
function logOdds(share: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, share));
  return Math.log(inside / (1 - inside));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
