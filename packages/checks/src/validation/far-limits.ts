import type { NumberSummary } from "../profile/column-profile.ts";
import { quantile } from "../profile/quantile.ts";

const FEWEST = 50;
/** How many times rarer than what was seen a value may be. */
const RARER = 10_000;

/**
 * How far out a value of the same source may still lie, on both sides: the tail is drawn on as it began. With n values
 * and the k-th farthest at a distance d from the median and the farthest at D (k = √n), a value that is 10,000 times
 * rarer than the farthest one lies near d · (D / d)^(1 + ln 10,000 / ln k): exact for a Pareto tail of any index, and
 * wider than needed for lighter ones. Rounded outwards to two digits of the span. null below 50 values.
 */
export function farLimits(summary: NumberSummary): [number, number] | null {
  const { count, min, max } = summary;
  if (count < FEWEST || min === null || max === null) return null;
  const middle = quantile(summary, 0.5) ?? min;
  const k = Math.sqrt(count);
  const low = middle - reach(middle - (quantile(summary, k / count) ?? min), middle - min, k);
  const high = middle + reach((quantile(summary, 1 - k / count) ?? max) - middle, max - middle, k);
  const step = 10 ** (Math.floor(Math.log10(Math.max(high - low, 1e-12))) - 1);
  const limits: [number, number] = [
    low < min ? tidy(Math.floor(low / step) * step) : min,
    high > max ? tidy(Math.ceil(high / step) * step) : max,
  ];
  return limits.every(Number.isFinite) ? limits : null;
}

function reach(kth: number, farthest: number, k: number): number {
  if (farthest <= 0) return 0;
  // Where more than a k-th of the values are the median itself, how the tail begins cannot be seen.
  const begun = kth > 0 ? kth : farthest / k;
  return begun * (farthest / begun) ** (1 + Math.log(RARER) / Math.log(k));
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
