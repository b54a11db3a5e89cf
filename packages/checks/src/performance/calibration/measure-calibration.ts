import { needScored } from "../../answers/need-scored.ts";
import { ChecksError } from "../../errors.ts";
import { normalBelow } from "../../maths/normal.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { calibrationPValue, type Forecasts } from "./calibration-test.ts";

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
  /** Expected calibration error: the mean |said − seen|, by rows (or weight) of the bins. Above 0 by chance alone. */
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
  /**
   * The chance of labels so far off when every probability is right; by level, slope and bend, not by z alone. 0 where
   * that is null.
   */
  readonly pValue: number;
}

/** Settings of `measureCalibration`. */
export interface CalibrationOptions {
  /** Most bins, 2 or more; default 10. */
  readonly bins?: number;
  /** `quantile`: bins of about equal rows; `uniform`: of equal width. Default `quantile`. */
  readonly strategy?: "quantile" | "uniform";
  /** How much each row counts, 0 or more; default 1 each. */
  readonly weights?: ArrayLike<number> | null;
}

/**
 * Does it happen in 70 of 100 rows of which the model says .7? The reliability curve and its summaries.
 *
 * The debiased error takes from each bin what its sampling alone adds to |said − seen|, by the folded normal of its
 * binomial variance (after Ferro and Fricker 2012 and Kumar et al. 2019); with few rows a bin the plain one misleads.
 *
 * @param probabilities of the positive class, 0 to 1. @param labels 0 or 1, one for each
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID without rows, when the lengths differ, or naming the row
 */
export function measureCalibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { bins = 10, strategy = "quantile", weights = null }: CalibrationOptions = {},
): Calibration {
  if (probabilities.length === 0 || probabilities.length !== labels.length) {
    throw new ChecksError(
      "SCANFLOW_ANSWERS_INVALID",
      `Calibration: there are ${probabilities.length} probabilities and ${labels.length} labels: give as many of both, and at least one.`,
    );
  }
  needScored("Calibration", { scores: probabilities, labels });
  const rows = probabilities.length;
  const given = { probabilities, labels, weightOf: (row: number) => weights?.[row] ?? 1 };
  const found = cutBins(given, { bins, strategy });
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  const gaps = found.map(({ weight, effective, bin: { said, seen } }) => ({
    share: weight / total,
    gap: Math.abs(said - seen.value),
    spread: Math.sqrt((seen.value * (1 - seen.value)) / Math.max(1, effective - 1)),
  }));
  const ece = gaps.reduce((sum, { share, gap }) => sum + share * gap, 0);
  const chance = gaps.reduce(
    (sum, { share, gap, spread }) => sum + share * (foldedMean(gap, spread) - gap),
    0,
  );
  const z = spiegelhalter(given);
  return {
    rows,
    bins: found.map(({ bin }) => bin),
    ece,
    eceDebiased: Math.max(0, ece - chance),
    mce: Math.max(...gaps.map(({ gap }) => gap)),
    z,
    pValue: z === null ? 0 : calibrationPValue(given),
  };
}

function cutBins(
  given: Forecasts,
  { bins, strategy }: Required<Pick<CalibrationOptions, "bins" | "strategy">>,
): WeightedBin[] {
  const { probabilities, labels } = given;
  const order = Array.from({ length: labels.length }, (_, row) => row);
  order.sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number));
  const binOf = (at: number) =>
    strategy === "uniform"
      ? Math.min(bins - 1, Math.floor((probabilities[order[at] as number] as number) * bins))
      : Math.floor((at * bins) / order.length);
  const found: WeightedBin[] = [];
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
    found.push(binFrom(order.slice(start, end), given));
    start = end;
  }
  return found.filter(({ weight }) => weight > 0);
}

interface WeightedBin {
  readonly bin: ReliabilityBin;
  readonly weight: number;
  /** Rows of equal weight that tell as much (Kish). */
  readonly effective: number;
}

function binFrom(order: readonly number[], { probabilities, labels, weightOf }: Forecasts): WeightedBin {
  let [weight, squares, said, hits] = [0, 0, 0, 0];
  for (const row of order) {
    const own = weightOf(row);
    weight += own;
    squares += own * own;
    said += own * (probabilities[row] as number);
    hits += own * (labels[row] as number);
  }
  const effective = squares > 0 ? weight ** 2 / squares : 0;
  const { value, low, high } = wilson((hits / weight) * effective, effective);
  const bin = {
    low: probabilities[order[0] as number] as number,
    high: probabilities[order[order.length - 1] as number] as number,
    rows: order.length,
    said: said / weight,
    seen: { value, low, high },
  };
  return { bin, weight, effective };
}

/** The mean of |x| for x of a normal with this mean and spread. */
function foldedMean(mean: number, spread: number): number {
  if (spread === 0) return mean;
  const z = mean / spread;
  return spread * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) + mean * (1 - 2 * normalBelow(-z));
}

function spiegelhalter({ probabilities, labels, weightOf }: Forecasts): number | null {
  let [sum, variance] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const p = probabilities[row] as number;
    const weight = weightOf(row);
    sum += weight * ((labels[row] as number) - p) * (1 - 2 * p);
    variance += weight ** 2 * (1 - 2 * p) ** 2 * p * (1 - p);
  }
  if (variance > 0) return sum / Math.sqrt(variance);
  return sum === 0 ? 0 : null;
}
