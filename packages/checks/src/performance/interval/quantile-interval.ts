import { normalQuantile } from "../../maths/normal.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";

/**
 * A quantile with the interval between two order statistics, which holds for any distribution (the binomial number of
 * rows below it, by its normal limit with Wilson's score).
 *
 * @param sorted rising, at least one
 * @param share 0 to 1
 */
export function quantileEstimate(sorted: Float64Array, share: number, confidence = 0.95): Estimate {
  const rows = sorted.length;
  const z = normalQuantile(confidence);
  const at = (place: number) => sorted[Math.min(rows - 1, Math.max(0, place))] as number;
  const place = share * (rows - 1);
  const below = at(Math.floor(place));
  const value = below + (at(Math.ceil(place)) - below) * (place - Math.floor(place));
  const spread = z * Math.sqrt(rows * share * (1 - share));
  const low = at(Math.floor(rows * share - spread) - 1);
  const high = at(Math.ceil(rows * share + spread));
  return { value, low, high, standardError: (high - low) / (2 * z), method: "order-statistics" };
}
