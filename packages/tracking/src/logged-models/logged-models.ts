import { randomUUID } from "node:crypto";
import type { Context, KeyValue } from "../context.ts";
import { checkActive, getExperiment } from "../experiments/experiments.ts";
import { below } from "../locations/root.ts";
import type { Metric } from "../metrics/metric.ts";
import { fromStored, toStored } from "../metrics/metric.ts";
import { invalid, missing } from "../refusal.ts";
import type { SqlValue, Statement } from "../store/index.ts";
import { limits, truncate } from "../validation/limits.ts";
import { checkLength, quoted } from "../validation/names.ts";
import { randomName } from "../validation/random-name.ts";

export const modelStatuses = [
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
] as const;
export type ModelStatus = (typeof modelStatuses)[number];

/** A point of a metric that was measured of a model, on a dataset perhaps, by a run. */
export interface ModelMetric extends Metric {
  readonly modelId: string;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
  readonly runId: string;
}

/** A model that a run logged; times are in milliseconds since 1970. */
export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string | undefined;
  readonly sourceRunId: string | undefined;
  readonly artifactUri: string;
  readonly status: ModelStatus;
  readonly statusMessage: string | undefined;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly ModelMetric[];
}

/** A row of `tracking_logged_models`. */
export interface LoggedModelRow {
  readonly model_id: string;
  readonly experiment: number;
  readonly name: string;
  readonly model_type: string | null;
  readonly source_run_id: string | null;
  readonly artifact_uri: string;
  readonly status: number;
  readonly status_message: string | null;
  readonly created_ms: number;
  readonly updated_ms: number;
}

export const loggedModelColumns = `l.model_id, l.experiment, l.name, l.model_type, l.source_run_id,
  l.artifact_uri, l.status, l.status_message, l.created_ms, l.updated_ms`;

export interface LoggedModelStart {
  readonly experimentId: string;
  readonly name?: string | undefined;
  readonly modelType?: string | undefined;
  readonly sourceRunId?: string | undefined;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

export async function createLoggedModel(context: Context, start: LoggedModelStart): Promise<LoggedModel> {
  const experiment = await getExperiment(context, start.experimentId);
  checkActive(experiment.experimentId, experiment.lifecycle);
  const name = start.name || randomName();
  checkLoggedModelName(name);
  const modelId = `m-${randomUUID().replaceAll("-", "")}`;
  const uri = below(experiment.artifactLocation, "models", modelId, "artifacts");
  const at = context.now();
  await context.store.write([
    {
      sql: `INSERT INTO tracking_logged_models (model_id, experiment, name, model_type, source_run_id,
          artifact_uri, status, lifecycle, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, 1, 'active', ?, ?)`,
      params: [
        modelId,
        Number(experiment.experimentId),
        name,
        start.modelType ?? null,
        start.sourceRunId || null,
        uri,
        at,
        at,
      ],
    },
    ...setParams(modelId, start.params),
    ...setTags(modelId, start.tags),
  ]);
  return getLoggedModel(context, modelId);
}

/** Errors: SCANFLOW_TRACKING_MISSING, also for a deleted one unless those are allowed. */
export async function getLoggedModel(
  context: Context,
  modelId: string,
  allowDeleted = false,
): Promise<LoggedModel> {
  const rows = await context.store.read<LoggedModelRow>(
    `SELECT ${loggedModelColumns} FROM tracking_logged_models l
      WHERE l.model_id = ? ${allowDeleted ? "" : "AND l.lifecycle = 'active'"}`,
    [modelId],
  );
  const [model] = await loadLoggedModels(context, rows);
  if (!model) throw loggedModelMissing(modelId);
  return model;
}

export async function finalizeLoggedModel(
  context: Context,
  modelId: string,
  status: ModelStatus,
): Promise<LoggedModel> {
  await change(context, modelId, { column: "status", value: modelStatuses.indexOf(status) });
  return getLoggedModel(context, modelId, true);
}

export function deleteLoggedModel(context: Context, modelId: string): Promise<void> {
  return change(context, modelId, { column: "lifecycle", value: "deleted" });
}

export async function logModelParams(
  context: Context,
  modelId: string,
  params: readonly KeyValue[],
): Promise<void> {
  await getLoggedModel(context, modelId, true);
  await context.store.write(setParams(modelId, params));
}

export async function setLoggedModelTags(
  context: Context,
  modelId: string,
  tags: readonly KeyValue[],
): Promise<void> {
  await getLoggedModel(context, modelId, true);
  await context.store.write(setTags(modelId, tags));
}

export async function deleteLoggedModelTag(context: Context, modelId: string, key: string): Promise<void> {
  await getLoggedModel(context, modelId, true);
  const [removed] = await context.store.write([
    { sql: "DELETE FROM tracking_logged_model_tags WHERE model_id = ? AND key = ?", params: [modelId, key] },
  ]);
  if (removed?.changes === 0) throw missing(`No tag with key '${key}' found for model with ID '${modelId}'.`);
}

/** The statement that keeps points with the models they were measured of; unknown models are passed over. */
export function writeModelMetrics(metrics: readonly ModelMetric[]): Statement[] {
  if (metrics.length === 0) return [];
  return [
    {
      sql: `INSERT INTO tracking_logged_model_metrics
          (model_id, key, timestamp_ms, step, run_id, value, is_nan, dataset_name, dataset_digest)
        SELECT model_id, ?, ?, ?, ?, ?, ?, ?, ? FROM tracking_logged_models WHERE model_id = ?
        ON CONFLICT DO NOTHING`,
      rows: metrics.map((metric) => {
        const { value, isNan } = toStored(metric.value);
        const { key, timestampMs, step, runId, datasetName = null, datasetDigest = null, modelId } = metric;
        return [key, timestampMs, step, runId, value, isNan, datasetName, datasetDigest, modelId];
      }),
    },
  ];
}

/** Completes rows with params, tags and metrics, in the same order. */
export async function loadLoggedModels(
  { store }: Context,
  rows: readonly LoggedModelRow[],
): Promise<LoggedModel[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ model_id }) => model_id);
  const among = `model_id IN (${ids.map(() => "?").join(", ")})`;
  const keyed = (table: string) => ({
    sql: `SELECT model_id, key, value FROM ${table} WHERE ${among} ORDER BY key`,
    params: ids,
  });
  const [params = [], tags = [], metrics = []] = await store.snapshot([
    keyed("tracking_logged_model_params"),
    keyed("tracking_logged_model_tags"),
    {
      sql: `SELECT * FROM tracking_logged_model_metrics WHERE ${among} ORDER BY key, timestamp_ms, step`,
      params: ids,
    },
  ]);
  const of = (found: readonly Record<string, SqlValue>[], id: string) =>
    found.filter((row) => row.model_id === id);
  const pair = (row: Record<string, SqlValue>) => ({ key: String(row.key), value: String(row.value) });
  return rows.map((row) => ({
    modelId: row.model_id,
    experimentId: String(row.experiment),
    name: row.name,
    modelType: row.model_type ?? undefined,
    sourceRunId: row.source_run_id ?? undefined,
    artifactUri: row.artifact_uri,
    status: modelStatuses[row.status] ?? modelStatuses[0],
    statusMessage: row.status_message ?? undefined,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    params: of(params, row.model_id).map(pair),
    tags: of(tags, row.model_id).map(pair),
    metrics: of(metrics, row.model_id).map(toModelMetric),
  }));
}

function toModelMetric(row: Record<string, SqlValue>): ModelMetric {
  const text = (value: SqlValue | undefined) => (typeof value === "string" ? value : undefined);
  return {
    modelId: String(row.model_id),
    key: String(row.key),
    value: fromStored(Number(row.value), Number(row.is_nan)),
    step: Number(row.step),
    timestampMs: Number(row.timestamp_ms),
    datasetName: text(row.dataset_name),
    datasetDigest: text(row.dataset_digest),
    runId: String(row.run_id),
  };
}

async function change(
  { store, now }: Context,
  modelId: string,
  { column, value }: { column: "status" | "lifecycle"; value: SqlValue },
): Promise<void> {
  const [result] = await store.write([
    {
      sql: `UPDATE tracking_logged_models SET ${column} = ?, updated_ms = ? WHERE model_id = ?`,
      params: [value, now(), modelId],
    },
  ]);
  if (result?.changes === 0) throw loggedModelMissing(modelId);
}

/** Keys of a logged model are as free as in the stock server: nothing makes a file of them. */
function setParams(modelId: string, params: readonly KeyValue[]): Statement[] {
  for (const { key } of params) {
    checkLength(key, limits.key, "Param key");
  }
  return [
    {
      sql: `INSERT INTO tracking_logged_model_params (model_id, key, value) VALUES (?, ?, ?)
        ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value`,
      rows: params.map(({ key, value }) => [modelId, key, truncate(value, limits.paramValue)]),
    },
  ];
}

function setTags(modelId: string, tags: readonly KeyValue[]): Statement[] {
  for (const { key } of tags) {
    checkLength(key, limits.key, "key");
  }
  return [
    {
      sql: `INSERT INTO tracking_logged_model_tags (model_id, key, value) VALUES (?, ?, ?)
        ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value`,
      rows: tags.map(({ key, value }) => [modelId, key, truncate(value, limits.runTagValue)]),
    },
  ];
}

function checkLoggedModelName(name: string): void {
  if (!/[/:.%"']/.test(name)) return;
  throw invalid(
    `Invalid model name (${quoted(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

function loggedModelMissing(modelId: string): Error {
  return missing(`Logged model with ID '${modelId}' not found.`);
}
