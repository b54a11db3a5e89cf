import { ChecksError } from "../../errors.ts";
import { normalBelow, normalTail } from "../../maths/normal.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";

/** Rows of about one probability, and how often they were positive. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** Mean probability given. */
  readonly said: number;
  /** Share of positive rows, with Wilson's interval. */
  readonly seen: { readonly value: number; readonly low: number; readonly high: number };
}

/** How far probabilities are from what happens. */
export interface Calibration {
  readonly rows: number;
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: the mean |said − seen|, by rows of the bins. Above 0 by chance alone. */
  readonly ece: number;
  /** The same less what chance adds to it. */
  readonly eceDebiased: number;
  /** The greatest |said − seen| of a bin. */
  readonly mce: number;
  /**
   * Spiegelhalter's z (1986): 0 on average when every probability is right, and it does not depend on bins. null where
   * it is without bound: all was said to be certain, and some of it was wrong.
   */
  readonly z: number | null;
  /** Of z, two-sided: 0 where that is null. */
  readonly pValue: number;
}

/** Settings of `measureCalibration`. */
export interface CalibrationOptions {
  /** Most bins, 2 or more; default 10. */
  readonly bins?: number;
  /** `quantile`: bins of about equal rows; `uniform`: of equal width. Default `quantile`. */
  readonly strategy?: "quantile" | "uniform";
}

/**
 * Does it happen in 70 of 100 rows of which the model says .7? The reliability curve and its summaries.
 *
 * The debiased error takes from each bin what its sampling alone adds to |said − seen|, by the folded normal of its
 * binomial variance (after Ferro and Fricker 2012 and Kumar et al. 2019); with few rows a bin the plain one misleads.
 *
 * @param probabilities of the positive class, 0 to 1. @param labels 0 or 1, one for each
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID without rows, or when the lengths differ
 */
export function measureCalibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { bins = 10, strategy = "quantile" }: CalibrationOptions = {},
): Calibration {
  if (probabilities.length === 0 || probabilities.length !== labels.length) {
    throw new ChecksError(
      "SCANFLOW_ANSWERS_INVALID",
      `Calibration: there are ${probabilities.length} probabilities and ${labels.length} labels: give as many of both, and at least one.`,
    );
  }
  const rows = probabilities.length;
  const found = cutBins(probabilities, labels, { bins, strategy });
  const gaps = found.map(({ rows: own, said, seen }) => ({
    share: own / rows,
    gap: Math.abs(said - seen.value),
    spread: Math.sqrt((seen.value * (1 - seen.value)) / Math.max(1, own - 1)),
  }));
  const ece = gaps.reduce((sum, { share, gap }) => sum + share * gap, 0);
  const chance = gaps.reduce(
    (sum, { share, gap, spread }) => sum + share * (foldedMean(gap, spread) - gap),
    0,
  );
  const z = spiegelhalter(probabilities, labels);
  return {
    rows,
    bins: found,
    ece,
    eceDebiased: Math.max(0, ece - chance),
    mce: Math.max(...gaps.map(({ gap }) => gap)),
    z,
    pValue: z === null ? 0 : normalTail(z),
  };
}

function cutBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { bins, strategy }: Required<CalibrationOptions>,
): ReliabilityBin[] {
  const order = Array.from({ length: labels.length }, (_, row) => row);
  order.sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number));
  const binOf = (at: number) =>
    strategy === "uniform"
      ? Math.min(bins - 1, Math.floor((probabilities[order[at] as number] as number) * bins))
      : Math.floor((at * bins) / order.length);
  const found: ReliabilityBin[] = [];
  for (let start = 0; start < order.length; ) {
    const bin = binOf(start);
    let end = start + 1;
    // Equal probabilities stay together.
    while (
      end < order.length &&
      (binOf(end) === bin || probabilities[order[end] as number] === probabilities[order[end - 1] as number])
    ) {
      end += 1;
    }
    found.push(binFrom(order.slice(start, end), probabilities, labels));
    start = end;
  }
  return found;
}

function binFrom(
  order: readonly number[],
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): ReliabilityBin {
  const rows = order.length;
  let [said, hits] = [0, 0];
  for (const row of order) {
    said += probabilities[row] as number;
    hits += labels[row] as number;
  }
  const { value, low, high } = wilson(hits, rows);
  return {
    low: probabilities[order[0] as number] as number,
    high: probabilities[order[rows - 1] as number] as number,
    rows,
    said: said / rows,
    seen: { value, low, high },
  };
}

/** The mean of |x| for x of a normal with this mean and spread. */
function foldedMean(mean: number, spread: number): number {
  if (spread === 0) return mean;
  const z = mean / spread;
  return spread * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) + mean * (1 - 2 * normalBelow(-z));
}

function spiegelhalter(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  let [sum, variance] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const p = probabilities[row] as number;
    sum += ((labels[row] as number) - p) * (1 - 2 * p);
    variance += (1 - 2 * p) ** 2 * p * (1 - p);
  }
  if (variance > 0) return sum / Math.sqrt(variance);
  return sum === 0 ? 0 : null;
}
