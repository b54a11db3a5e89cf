import { invalid } from "../refusal.ts";
import { checkKey, invalidValue } from "../validation/names.ts";

/** One point of a metric. `value` may be NaN or infinite; `timestampMs` since 1970; both integers ≤ 2^53. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestampMs: number;
  readonly step: number;
}

/** A point as it is stored: NaN is a flag beside 0, infinities are the largest doubles. */
export interface StoredValue {
  readonly value: number;
  readonly isNan: 0 | 1;
}

export function toStored(value: number): StoredValue {
  if (Number.isNaN(value)) return { value: 0, isNan: 1 };
  if (value === Number.POSITIVE_INFINITY) return { value: Number.MAX_VALUE, isNan: 0 };
  if (value === Number.NEGATIVE_INFINITY) return { value: -Number.MAX_VALUE, isNan: 0 };
  // -0 and 0 are one point, as they compare equal.
  return { value: value === 0 ? 0 : value, isNan: 0 };
}

export function fromStored(value: number, isNan: number): number {
  return isNan === 1 ? Number.NaN : value;
}

export function checkMetric(metric: Metric, path?: string): void {
  const at = (field: string) => (path === undefined ? field : `${path}.${field}`);
  checkKey(metric.key, at("name"), "Metric name");
  if (metric.timestampMs < 0) {
    const shown = Number.isInteger(metric.value) ? `${metric.value}.0` : String(metric.value);
    const about = `metric '${metric.key}' (value=${shown}). Timestamp must be a nonnegative long (64-bit integer) `;
    throw invalid(invalidValue(at("timestamp"), metric.timestampMs, about));
  }
}

/** Whether `a` replaces `b` as the latest point: the larger (step, time, value) wins, NaN counting as 0. */
export function isLater(a: Metric, b: Metric): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestampMs !== b.timestampMs) return a.timestampMs > b.timestampMs;
  return toStored(a.value).value > toStored(b.value).value;
}
