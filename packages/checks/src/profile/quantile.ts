import { ChecksError } from "../errors.ts";
import type { NumberSummary } from "./column-profile.ts";

/**
 * The value below which a share of a column's finite numbers lies: exact while the profile lists every value or its
 * sketch is not yet full (up to 1,600 values), else with a rank error of up to `quantileError`.
 *
 * @param share 0 gives the least value, 1 the greatest
 * @returns null when there is no value
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when the share is not from 0 to 1
 */
export function quantile(summary: NumberSummary, share: number): number | null {
  if (!(share >= 0 && share <= 1)) {
    throw new ChecksError(
      "SCANFLOW_CHECK_OPTION_INVALID",
      `quantile: the share is ${share}: give a number from 0 to 1.`,
    );
  }
  const { count, min, max } = summary;
  if (share === 0 || count === 0) return min;
  if (share === 1) return max;
  const wanted = share * count;
  let seen = 0;
  for (const { value, weight } of weightedValues(summary)) {
    seen += weight;
    if (seen >= wanted) return value;
  }
  return max;
}

/** A number of a column, and how many of its rows it stands for. */
export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

/** A column's finite numbers in rising order, as far as its profile knows them; the weights add up to its count. */
export function weightedValues({
  values,
  quantiles,
}: Pick<NumberSummary, "values" | "quantiles">): WeightedValue[] {
  if (values !== null)
    return values.values.map((value, place) => ({ value, weight: values.counts[place] ?? 0 }));
  const weighted = (quantiles?.levels ?? []).flatMap((level, place) =>
    level.map((value) => ({ value, weight: 2 ** place })),
  );
  return weighted.sort((a, b) => a.value - b.value);
}

/**
 * How far the share of values below a number, as `weightedValues` tells it, may be from the truth: 0 when exact. With
 * the sketch's 1,600 places it is below 0.0018 in 99 of 100 columns, for all numbers of a column at once.
 */
export function quantileError({ values, quantiles }: Pick<NumberSummary, "values" | "quantiles">): number {
  if (values !== null || quantiles === null || quantiles.levels.length <= 1) return 0;
  return 2.9 / quantiles.size;
}
