import type { Context, Page } from "../context.ts";
import { invalid } from "../refusal.ts";
import type { RunEntry, RunIndex } from "../runs/run-index.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import type { SqlValue } from "../store/index.ts";
import { fromStored, type Metric } from "./metric.ts";

export interface RunMetric extends Metric {
  readonly runId: string;
}

interface PointRow {
  readonly run: number;
  readonly value: number;
  readonly is_nan: number;
  readonly step: number;
  readonly timestamp_ms: number;
}

const columns = "run, value, is_nan, step, timestamp_ms";
/** Points read at once: bounds what one answer of a database thread holds. */
const chunk = 50_000;

/** The points of a metric by time, step and value: a page, or all of them when no page size is given. */
export async function metricHistory(
  { store }: Context,
  run: RunEntry,
  {
    key,
    maxResults,
    pageToken,
  }: { key: string; maxResults?: number | undefined; pageToken?: string | undefined },
): Promise<Page<Metric>> {
  const offset = fromPageToken(pageToken);
  const from = `FROM tracking_metrics WHERE run = ? AND key = ?`;
  const order = "ORDER BY timestamp_ms, step, value, is_nan";
  if (maxResults !== undefined) {
    const found = await store.read<PointRow>(`SELECT ${columns} ${from} ${order} LIMIT ? OFFSET ?`, [
      run.id,
      key,
      maxResults + 1,
      offset,
    ]);
    const { rows, next } = toPage(found, offset, maxResults);
    const items = rows.map((row) => toMetric(key, row));
    return next === undefined ? { items } : { items, nextPageToken: next };
  }
  const items: Metric[] = [];
  let after: readonly SqlValue[] = [];
  for (;;) {
    const beyond = after.length > 0 ? "AND (timestamp_ms, step, value, is_nan) > (?, ?, ?, ?)" : "";
    const rows = await store.read<PointRow>(`SELECT ${columns} ${from} ${beyond} ${order} LIMIT ?`, [
      run.id,
      key,
      ...after,
      chunk,
    ]);
    for (const row of rows) items.push(toMetric(key, row));
    const last = rows.at(-1);
    if (!last || rows.length < chunk) return { items: items.slice(offset) };
    after = [last.timestamp_ms, last.step, last.value, last.is_nan];
  }
}

/** The first points of a metric of several runs, by run id and time. */
export async function bulkHistory(
  { store }: Context,
  index: RunIndex,
  { runIds, key, maxResults }: { runIds: readonly string[]; key: string; maxResults: number },
): Promise<RunMetric[]> {
  const entries = await Promise.all([...new Set(runIds)].map((runId) => index.find(runId)));
  const runs = new Map(entries.flatMap((entry) => (entry ? [[entry.id, entry.runId]] : [])));
  if (runs.size === 0) return [];
  const rows = await store.read<PointRow>(
    `SELECT m.run, m.value, m.is_nan, m.step, m.timestamp_ms FROM tracking_metrics m
      JOIN tracking_runs r ON r.id = m.run WHERE m.run IN (${[...runs.keys()].join(", ")}) AND m.key = ?
      ORDER BY r.run_id, m.timestamp_ms, m.step, m.value LIMIT ?`,
    [key, maxResults],
  );
  return rows.map((row) => ({ ...toMetric(key, row), runId: runs.get(row.run) ?? "" }));
}

export interface IntervalSearch {
  readonly runIds: readonly string[];
  readonly key: string;
  /** Points for each run, 1 to 2500. */
  readonly maxResults: number;
  readonly startStep?: number | undefined;
  readonly endStep?: number | undefined;
}

/**
 * At most `maxResults` points of each run, evenly spread over what was logged between the steps, the first
 * and the last always among them (only the last when one is asked for); by step, time and value.
 */
export async function sampledHistory(
  { store }: Context,
  index: RunIndex,
  { runIds, key, maxResults, startStep, endStep }: IntervalSearch,
): Promise<RunMetric[]> {
  if ((startStep === undefined) !== (endStep === undefined)) {
    throw invalid("If either start step or end step are specified, both must be specified.");
  }
  if (startStep !== undefined && endStep !== undefined && startStep > endStep) {
    throw invalid(
      `end_step must be greater than start_step. Found start_step=${startStep} and end_step=${endStep}.`,
    );
  }
  const entries = await Promise.all(runIds.map((runId) => index.get(runId)));
  const range = startStep === undefined ? "" : "AND step BETWEEN ? AND ?";
  const bounds = startStep === undefined || endStep === undefined ? [] : [startStep, endStep];
  const sampled = entries.map(async ({ id, runId }) => {
    const rows = await store.read<PointRow>(
      `SELECT ${columns} FROM (
          SELECT ${columns}, ROW_NUMBER() OVER (ORDER BY step, timestamp_ms, value, is_nan) - 1 AS place,
            COUNT(*) OVER () AS total
          FROM tracking_metrics WHERE run = ? AND key = ? ${range}) points
        WHERE total <= ? OR place = total - 1
          OR (? > 1 AND place * (? - 1) / NULLIF(total - 1, 0) > (place - 1) * (? - 1) / NULLIF(total - 1, 0))
          OR (? > 1 AND place = 0)
        ORDER BY step, timestamp_ms, value, is_nan`,
      [id, key, ...bounds, ...new Array<number>(5).fill(maxResults)].map(toInteger),
    );
    return rows.map((row) => ({ ...toMetric(key, row), runId }));
  });
  return (await Promise.all(sampled)).flat();
}

/** Whole numbers must divide as such in SQL. */
function toInteger(value: SqlValue): SqlValue {
  return typeof value === "number" ? BigInt(value) : value;
}

function toMetric(key: string, row: PointRow): Metric {
  const value = fromStored(row.value, row.is_nan);
  return { key, value, step: row.step, timestampMs: row.timestamp_ms };
}
