import { type Counts, totalOf } from "./distance/count-distances.ts";
import { hypergeometricTails } from "./hypergeometric-tails.ts";

/**
 * An exact p value of two samples counted in the same bins: the least of Fisher's tests of each bin against all
 * others, times their number (Bonferroni); of ordered bins, of each cut between two of them.
 *
 * @param first rows by bin, as long as `second`, each with at least one row
 */
export function exactBinsPValue(first: Counts, second: Counts, ordered: boolean): number {
  const [n, m] = [totalOf(first), totalOf(second)];
  let [hits, others, bins, least] = [0, 0, 0, 1];
  for (let bin = 0; bin < first.length; bin += 1) {
    const [a, b] = [first[bin] as number, second[bin] as number];
    if (a + b === 0) continue;
    bins += 1;
    [hits, others] = ordered ? [hits + a, others + b] : [a, b];
    if (hits + others === n + m) continue;
    const urn = { marked: n, others: m, drawn: hits + others };
    least = Math.min(least, hypergeometricTails(urn, hits).noLikelier);
  }
  // There is a cut less than there are bins, and of two bins one says what the other does.
  const tests = ordered || bins === 2 ? bins - 1 : bins;
  return Math.min(1, least * Math.max(1, tests));
}
