/** How `simulatedPValue` draws. */
export interface SimulationOptions {
  /** Most draws, 100 or more. */
  readonly most: number;
  /**
   * Of which power of the statistic the tail falls exponentially: 2 for distances between distributions (as
   * Kolmogorov's limit does), 1 for sums of squares such as χ².
   */
  readonly power: 1 | 2;
  /**
   * The p value of an exact test of the same data: the tail is continued no further. Rare categories, or a value that
   * outweighs all others, give a statistic that seldom jumps far, which the draws may not show. Left out: the tail is
   * not continued.
   */
  readonly exact?: () => number;
}

/** A p value and what it rests on. */
export interface SimulatedPValue {
  readonly pValue: number;
  readonly draws: number;
  /** Fewer than 10 draws were as extreme, so the p value continues the tail of those drawn. */
  readonly extrapolated: boolean;
}

/** So many draws as extreme as the observed statistic are enough (Besag and Clifford 1991). */
const ENOUGH = 30;
const FEW = 10;
/** The tail is fitted to the most extreme tenth of the draws. */
const TAIL = 0.1;

/**
 * The chance of a statistic at least as large as the observed one, by drawing it under the null hypothesis. Drawing
 * ends early when that is no rare event, which keeps the p value valid (Besag and Clifford 1991, Sequential Monte
 * Carlo p-values). When fewer than 10 of all draws are as large, an exponential tail is fitted to the largest tenth of
 * them, with its mean excess taken two standard errors too large, so that many columns can be corrected for without
 * millions of draws (Knijnenburg et al. 2009, Fewer permutations, more accurate P-values, with shape 0: the tail of
 * sums of squares and of squared distances), but no further than an exact test goes.
 *
 * @param draw one value of the statistic under the null hypothesis
 */
export function simulatedPValue(
  observed: number,
  draw: () => number,
  { most, power, exact }: SimulationOptions,
): SimulatedPValue {
  // Sums in another order differ in the last digits: equal statistics must count as equal.
  const bar = observed - 1e-9 * Math.abs(observed);
  const drawn = new Float64Array(most);
  let extreme = 0;
  for (let done = 0; done < most; done += 1) {
    const value = draw();
    drawn[done] = value;
    if (value >= bar) extreme += 1;
    if (extreme === ENOUGH) return { pValue: ENOUGH / (done + 1), draws: done + 1, extrapolated: false };
  }
  const counted = (extreme + 1) / (most + 1);
  if (extreme >= FEW || exact === undefined) return { pValue: counted, draws: most, extrapolated: false };
  const tail = Math.max(exponentialTail(observed, drawn, power), exact());
  return { pValue: Math.min(counted, tail), draws: most, extrapolated: tail < counted };
}

function exponentialTail(observed: number, drawn: Float64Array, power: 1 | 2): number {
  const sorted = drawn.map((value) => value ** power).sort();
  const start = Math.floor(sorted.length * (1 - TAIL));
  const threshold = sorted[start - 1] as number;
  const excesses = sorted.subarray(start);
  const mean = excesses.reduce((sum, value) => sum + (value - threshold), 0) / excesses.length;
  // Twice the standard error of the mean on top: an uncertain tail must not make a p value too small.
  const scale = mean * (1 + 2 / Math.sqrt(excesses.length));
  if (!(scale > 0)) return 1;
  return TAIL * Math.exp(-(observed ** power - threshold) / scale);
}
