import { needScored } from "../../answers/need-scored.ts";
import { ChecksError } from "../../errors.ts";

/** Turns a score into a probability. */
export type Calibrator = (score: number) => number;

interface Block {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
  readonly sum: number;
}

/**
 * Isotonic regression by pooling adjacent violators: the rising steps nearest to the labels. Between two steps the
 * answer is on the line that joins them, outside it is that of the nearest, as in scikit-learn.
 *
 * @param scores probabilities, 0 to 1
 * @param labels 0 to 1, one for each score
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID naming the row, or without one
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Calibrator {
  needScored("Isotonic calibration", { scores, labels, weights });
  if (scores.length === 0) {
    throw new ChecksError(
      "SCANFLOW_ANSWERS_INVALID",
      "Isotonic calibration: there is no row: give at least one, or calibrate by Platt's curve.",
    );
  }
  const order = Array.from({ length: scores.length }, (_, row) => row);
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const blocks: Block[] = [];
  for (const row of order) {
    const score = scores[row] as number;
    const weight = weights?.[row] ?? 1;
    const own = { low: score, high: score, weight, sum: weight * (labels[row] as number) };
    const last = blocks.at(-1);
    if (last?.low === score && last.high === score) blocks[blocks.length - 1] = joined(last, own);
    else blocks.push(own);
  }
  const steps: Block[] = [];
  for (let block of blocks) {
    for (let last = steps.at(-1); last !== undefined && mean(last) >= mean(block); last = steps.at(-1)) {
      steps.pop();
      block = joined(last, block);
    }
    steps.push(block);
  }
  return interpolate(steps.flatMap((step) => [step.low, step.high].map((x) => ({ x, y: mean(step) }))));
}

function joined(a: Block, b: Block): Block {
  return { low: a.low, high: b.high, weight: a.weight + b.weight, sum: a.sum + b.sum };
}

function mean({ sum, weight }: Block): number {
  return weight > 0 ? sum / weight : 0;
}

function interpolate(points: readonly { readonly x: number; readonly y: number }[]): Calibrator {
  return (score) => {
    let low = 0;
    let high = points.length - 1;
    const [first, last] = [points[low], points[high]];
    if (first === undefined || last === undefined) return Number.NaN;
    if (score <= first.x) return first.y;
    if (score >= last.x) return last.y;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((points[middle]?.x ?? 0) <= score) low = middle;
      else high = middle;
    }
    const [a, b] = [points[low] ?? first, points[high] ?? last];
    return b.x > a.x ? a.y + ((b.y - a.y) * (score - a.x)) / (b.x - a.x) : b.y;
  };
}
