import { normalQuantile } from "../../maths/normal.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import type { WeightedMeans } from "./weighted-means.ts";

/** A figure that is worked out of means over rows. */
export type OfMeans = (means: readonly number[]) => number;

/**
 * A figure worked out of means, ± z times the standard error that their covariance gives it (the delta method, with
 * slopes by central differences). For many rows, where it agrees with a bootstrap and costs nothing.
 */
export function deltaEstimate(
  of: OfMeans,
  { means, covariance }: Pick<WeightedMeans, "means" | "covariance">,
  confidence = 0.95,
): Estimate {
  const value = of(means);
  const slopes = means.map((mean, at) => {
    const step = 1e-5 * Math.max(Math.abs(mean), Math.sqrt(Math.max(0, covariance[at]?.[at] ?? 0)), 1e-12);
    const moved = (by: number) => of(means.map((other, i) => (i === at ? other + by : other)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
  let variance = 0;
  for (const [i, row] of covariance.entries()) {
    for (const [j, shared] of row.entries()) variance += (slopes[i] ?? 0) * (slopes[j] ?? 0) * shared;
  }
  return normalEstimate(value, Math.sqrt(Math.max(0, variance)), confidence);
}

function normalEstimate(value: number, standardError: number, confidence: number): Estimate {
  const half = normalQuantile(confidence) * standardError;
  return { value, low: value - half, high: value + half, standardError, method: "delta" };
}
