import { normalQuantile } from "../../maths/normal.ts";
import type { Estimate } from "./estimate.ts";
import { needConfidence, needRows } from "./need-rows.ts";

/**
 * A share of rows with Wilson's score interval (Wilson 1927): near its nominal coverage also for few rows and shares
 * near 0 and 1, where the usual ± z·SE fails. The standard error is that of Agresti and Caffo (2000), which is above
 * 0 even when all rows agree.
 *
 * @param hits how many of `rows`; both may be fractions, such as effective numbers of weighted rows. Of no rows the
 * value is NaN, and the interval all that a share can be
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for what is no number of rows, SCANFLOW_CHECK_OPTION_INVALID
 */
export function wilson(hits: number, rows: number, confidence = 0.95): Estimate {
  needRows(hits, rows);
  needConfidence(confidence);
  if (rows === 0) return { value: Number.NaN, low: 0, high: 1, standardError: Number.NaN, method: "wilson" };
  const z = normalQuantile(confidence);
  const value = hits / rows;
  const centre = (hits + (z * z) / 2) / (rows + z * z);
  const half = (z / (rows + z * z)) * Math.sqrt(Math.max(0, rows * value * (1 - value)) + (z * z) / 4);
  const shrunk = (hits + 1) / (rows + 2);
  return {
    value,
    low: hits <= 0 ? 0 : Math.min(value, Math.max(0, centre - half)),
    high: hits >= rows ? 1 : Math.max(value, Math.min(1, centre + half)),
    standardError: Math.sqrt((shrunk * (1 - shrunk)) / (rows + 2)),
    method: "wilson",
  };
}
