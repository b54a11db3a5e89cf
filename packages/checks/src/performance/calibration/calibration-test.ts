import { chiSquareTail, upperGamma } from "../../maths/incomplete-gamma.ts";

/** Probabilities of an outcome, and whether it came. */
export interface Forecasts {
  /** 0 to 1. */
  readonly probabilities: ArrayLike<number>;
  /** 0 or 1, one for each. */
  readonly labels: ArrayLike<number>;
  /** How much a row counts, 0 or more. */
  readonly weightOf: (row: number) => number;
}

/** Below so many expected rows of either outcome the score test's limit is off: Poisson's law is asked instead. */
const FEW = 10;
const TERMS = 3;

/**
 * The chance of labels so far from right probabilities: the score test against a level, a slope and a bend of what
 * happens in 1 − 2p (Cox 1958, Biometrika 45:562, with the term of Spiegelhalter 1986 as the slope). χ² of as many
 * degrees of freedom as the probabilities can tell apart. Spiegelhalter's z, which is the slope alone, sees no change
 * of level where probabilities lie evenly round a half.
 */
export function calibrationPValue(forecasts: Forecasts): number {
  const { sums, spread, yes, no, hits, effective } = gather(forecasts);
  if (Math.min(yes, no) * effective < FEW) {
    const [few, seen] = yes <= no ? [yes, hits] : [no, 1 - hits];
    return poissonPValue(few * effective, seen * effective);
  }
  let statistic = 0;
  let degrees = 0;
  const kept: number[] = [];
  for (let term = 0; term < TERMS; term += 1) {
    const own = (spread[term] as Float64Array)[term] as number;
    for (const other of kept) {
      const row = spread[other] as Float64Array;
      const share = (row[term] as number) / (row[other] as number);
      sums[term] = (sums[term] as number) - share * (sums[other] as number);
      for (let at = term; at < TERMS; at += 1) {
        (spread[term] as Float64Array)[at] =
          ((spread[term] as Float64Array)[at] as number) - share * (row[at] as number);
      }
    }
    const left = (spread[term] as Float64Array)[term] as number;
    if (left <= 1e-9 * own || left === 0) continue;
    statistic += (sums[term] as number) ** 2 / left;
    degrees += 1;
    kept.push(term);
  }
  return degrees === 0 ? 1 : chiSquareTail(statistic, degrees);
}

/** Sums of (label − p) xᵏ with their covariance, and shares of rows that are expected and seen to be positive. */
function gather({ probabilities, labels, weightOf }: Forecasts) {
  const sums = new Float64Array(TERMS);
  const spread = Array.from({ length: TERMS }, () => new Float64Array(TERMS));
  let [weight, squares, yes, hits] = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const p = probabilities[row] as number;
    const own = weightOf(row);
    const x = 1 - 2 * p;
    const powers = [1, x, x * x];
    const variance = own * own * p * (1 - p);
    for (let k = 0; k < TERMS; k += 1) {
      sums[k] = (sums[k] as number) + own * ((labels[row] as number) - p) * (powers[k] as number);
      const line = spread[k] as Float64Array;
      for (let j = 0; j < TERMS; j += 1)
        line[j] = (line[j] as number) + variance * (powers[k] as number) * (powers[j] as number);
    }
    weight += own;
    squares += own * own;
    yes += own * p;
    hits += own * (labels[row] as number);
  }
  return {
    sums,
    spread,
    yes: yes / weight,
    no: 1 - yes / weight,
    hits: hits / weight,
    effective: squares > 0 ? weight ** 2 / squares : 0,
  };
}

/** Two-sided: twice the smaller tail. */
function poissonPValue(expected: number, seen: number): number {
  const count = Math.round(seen);
  const more = count === 0 ? 1 : 1 - upperGamma(count, expected);
  const fewer = expected === 0 ? 1 : upperGamma(count + 1, expected);
  return Math.min(1, 2 * Math.min(more, fewer));
}
