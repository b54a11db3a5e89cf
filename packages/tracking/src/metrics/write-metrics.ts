import type { Statement } from "../store/index.ts";
import { isLater, type Metric, toStored } from "./metric.ts";

const insertPoint = `INSERT INTO tracking_metrics (run, key, timestamp_ms, step, value, is_nan)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

const raiseLatest = `INSERT INTO tracking_latest_metrics (run, key, value, is_nan, step, timestamp_ms)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (run, key) DO UPDATE SET value = excluded.value, is_nan = excluded.is_nan,
    step = excluded.step, timestamp_ms = excluded.timestamp_ms
  WHERE (excluded.step, excluded.timestamp_ms, excluded.value) >
    (tracking_latest_metrics.step, tracking_latest_metrics.timestamp_ms, tracking_latest_metrics.value)`;

/** The statements that add points to a run's history and raise its latest values. */
export function writeMetrics(run: number, metrics: readonly Metric[]): Statement[] {
  if (metrics.length === 0) return [];
  const points = metrics.map(({ key, timestampMs, step, value }) => {
    const stored = toStored(value);
    return [run, key, timestampMs, step, stored.value, stored.isNan];
  });
  const latest = latestOf(metrics).map(({ key, timestampMs, step, value }) => {
    const stored = toStored(value);
    return [run, key, stored.value, stored.isNan, step, timestampMs];
  });
  return [
    { sql: insertPoint, rows: points },
    { sql: raiseLatest, rows: latest },
  ];
}

function latestOf(metrics: readonly Metric[]): Metric[] {
  const latest = new Map<string, Metric>();
  for (const metric of metrics) {
    const before = latest.get(metric.key);
    if (!before || isLater(metric, before)) latest.set(metric.key, metric);
  }
  return [...latest.values()];
}
