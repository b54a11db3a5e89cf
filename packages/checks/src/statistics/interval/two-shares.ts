import { normalQuantile } from "../../maths/normal.ts";
import type { Share } from "../share.ts";
import { needConfidence, needRows } from "./need-rows.ts";
import { wilson } from "./share-interval.ts";

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The share of the first group less that of the second, with Newcombe's hybrid score interval (1998, method 10). */
export function shareDifference(first: Share, second: Share, confidence = 0.95): Interval {
  const a = wilson(first.hits, first.rows, confidence);
  const b = wilson(second.hits, second.rows, confidence);
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/**
 * The share of the first group divided by that of the second, with Katz's interval on the log scale (1978). A group
 * without hits is given half a hit for its interval, as Walters proposed (1985).
 */
export function shareRatio(first: Share, second: Share, confidence = 0.95): Interval {
  needRows(first.hits, first.rows);
  needRows(second.hits, second.rows);
  needConfidence(confidence);
  const value = first.hits / first.rows / (second.hits / second.rows);
  const [a, b] = first.hits > 0 && second.hits > 0 ? [first, second] : [half(first), half(second)];
  const log = Math.log(a.hits / a.rows / (b.hits / b.rows));
  const spread = Math.sqrt(Math.max(0, 1 / a.hits - 1 / a.rows + 1 / b.hits - 1 / b.rows));
  const z = normalQuantile(confidence);
  return { value, low: Math.exp(log - z * spread), high: Math.exp(log + z * spread) };
}

function half({ hits, rows }: Share): Share {
  return { hits: hits + 0.5, rows: rows + 0.5 };
}
