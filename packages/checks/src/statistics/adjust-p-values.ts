import { ChecksError } from "../errors.ts";

/** How many tests at once are paid for; see `adjustPValues`. */
export type Correction = "benjamini-hochberg" | "holm" | "bonferroni";

type Adjust = (sorted: Float64Array) => void;

/** Each takes p values in rising order and replaces them by the adjusted ones, still to be cut at 1. */
const corrections: Record<Correction, Adjust> = {
  "benjamini-hochberg": (sorted) => {
    let smallest = 1;
    for (let i = sorted.length - 1; i >= 0; i -= 1) {
      smallest = Math.min(smallest, (sorted[i] as number) * (sorted.length / (i + 1)));
      sorted[i] = smallest;
    }
  },
  holm: (sorted) => {
    let largest = 0;
    for (let i = 0; i < sorted.length; i += 1) {
      largest = Math.max(largest, (sorted[i] as number) * (sorted.length - i));
      sorted[i] = largest;
    }
  },
  bonferroni: (sorted) => {
    for (let i = 0; i < sorted.length; i += 1) sorted[i] = (sorted[i] as number) * sorted.length;
  },
};

/**
 * Adjusted p values, in the order given: compare each with the significance as if it were the only test.
 *
 * - `benjamini-hochberg` bounds the expected share of false alarms among the alarms (Benjamini and Hochberg 1995;
 *   valid for independent or positively dependent tests). When nothing has changed it also bounds the chance of any
 *   alarm. The choice for columns and slices.
 * - `holm` bounds the chance of any false alarm under any dependence (Holm 1979).
 * - `bonferroni` does so too, with less power; for comparison with tools that use it.
 *
 * @throws ChecksError SCANFLOW_P_VALUE_INVALID when a value is not between 0 and 1, SCANFLOW_CHECK_OPTION_INVALID of
 * an unknown correction
 */
export function adjustPValues(
  pValues: ArrayLike<number>,
  correction: Correction = "benjamini-hochberg",
): number[] {
  if (!Object.hasOwn(corrections, correction)) {
    throw new ChecksError(
      "SCANFLOW_CHECK_OPTION_INVALID",
      `"correction" is ${JSON.stringify(correction)}: give one of ${Object.keys(corrections).join(", ")}.`,
    );
  }
  const given = Array.from(pValues);
  for (const [index, p] of given.entries()) {
    if (p >= 0 && p <= 1) continue;
    throw new ChecksError(
      "SCANFLOW_P_VALUE_INVALID",
      `p value ${index} is ${p}: give values from 0 to 1, and leave out tests that were not done.`,
    );
  }
  const order = given.map((_, index) => index).sort((a, b) => (given[a] as number) - (given[b] as number));
  const sorted = Float64Array.from(order, (index) => given[index] as number);
  corrections[correction](sorted);
  const adjusted = new Array<number>(given.length);
  for (const [rank, index] of order.entries()) adjusted[index] = Math.min(1, sorted[rank] as number);
  return adjusted;
}
