import type { KeyValue } from "../context.ts";
import { fromStored, type Metric } from "../metrics/metric.ts";
import type { Row, SqlStore } from "../store/index.ts";
import { type DatasetInput, type Run, type RunRow, toRunInfo } from "./run.ts";

/** Runs whose details are fetched at once: keeps one answer of a database thread small. */
const chunk = 1000;

/** Completes rows of runs with their metrics, params, tags, inputs and outputs, in the same order. */
export async function loadRuns(store: SqlStore, rows: readonly RunRow[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let from = 0; from < rows.length; from += chunk) {
    runs.push(...(await loadChunk(store, rows.slice(from, from + chunk))));
  }
  return runs;
}

async function loadChunk(store: SqlStore, rows: readonly RunRow[]): Promise<Run[]> {
  if (rows.length === 0) return [];
  // Numbers of ours, so they may stand in the text.
  const among = `run IN (${rows.map(({ id }) => id).join(", ")})`;
  const [metrics, params, tags, datasets, datasetTags, models] = (
    await store.snapshot([
      {
        sql: `SELECT run, key, value, is_nan, step, timestamp_ms FROM tracking_latest_metrics WHERE ${among} ORDER BY run, key`,
      },
      { sql: `SELECT run, key, value FROM tracking_params WHERE ${among} ORDER BY run, key` },
      { sql: `SELECT run, key, value FROM tracking_tags WHERE ${among} ORDER BY run, key` },
      {
        sql: `SELECT i.run, i.dataset, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
          FROM tracking_inputs i JOIN tracking_datasets d ON d.id = i.dataset WHERE i.${among} ORDER BY i.run, i.dataset`,
      },
      { sql: `SELECT run, dataset, key, value FROM tracking_input_tags WHERE ${among}` },
      { sql: `SELECT run, model_id, role, step FROM tracking_run_models WHERE ${among}` },
    ])
  ).map(byRun);
  const of = (group: Map<unknown, Row[]> | undefined, id: number) => group?.get(id) ?? [];
  return rows.map((row) => ({
    info: toRunInfo(row),
    metrics: of(metrics, row.id).map(toMetric),
    params: of(params, row.id).map(toKeyValue),
    tags: of(tags, row.id).map(toKeyValue),
    datasets: of(datasets, row.id).map((dataset) => toDataset(dataset, of(datasetTags, row.id))),
    modelInputs: of(models, row.id).flatMap((m) => (m.role === "input" ? [String(m.model_id)] : [])),
    modelOutputs: of(models, row.id).flatMap((m) =>
      m.role === "output" ? [{ modelId: String(m.model_id), step: Number(m.step) }] : [],
    ),
  }));
}

function byRun(rows: readonly Row[]): Map<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.run);
    if (group) group.push(row);
    else groups.set(row.run, [row]);
  }
  return groups;
}

function toKeyValue(row: Row): KeyValue {
  return { key: String(row.key), value: String(row.value) };
}

function toMetric(row: Row): Metric {
  return {
    key: String(row.key),
    value: fromStored(Number(row.value), Number(row.is_nan)),
    step: Number(row.step),
    timestampMs: Number(row.timestamp_ms),
  };
}

function toDataset(row: Row, tags: readonly Row[]): DatasetInput {
  const text = (name: string) => (row[name] === null ? undefined : String(row[name]));
  return {
    name: String(row.name),
    digest: String(row.digest),
    sourceType: String(row.source_type),
    source: String(row.source),
    schema: text("schema"),
    profile: text("profile"),
    tags: tags.filter((tag) => tag.dataset === row.dataset).map(toKeyValue),
  };
}
