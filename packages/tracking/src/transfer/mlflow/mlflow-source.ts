import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { z } from "zod";
import type { KeyValue } from "../../context.ts";
import { fromStored, type Metric } from "../../metrics/metric.ts";
import type { DatasetInput } from "../../runs/run.ts";
import { isLocal } from "../place-of.ts";
import type { LoggedModelRecord, ModelRecord, ModelUse, RunRecord, TransferSource } from "../records.ts";
import { type ArtifactPlaces, localFiles } from "./local-files.ts";
import { openMlflowDatabase } from "./open-database.ts";
import * as rows from "./rows.ts";

/** Reads what MLflow keeps in an SQLite file and in folders. Errors: SCANFLOW_TRANSFER_…. */
export function openMlflowSource(file: string, places: ArtifactPlaces): TransferSource {
  const { db, hasLoggedModels } = openMlflowDatabase(file);
  return {
    atOnce: 1,
    copies: isLocal,
    experiments: async () =>
      read(db, rows.experimentRow, experimentSelect).map((row) => ({
        experimentId: row.experiment_id,
        name: row.name,
        artifactLocation: row.artifact_location ?? "",
        lifecycle: row.lifecycle_stage,
        createdMs: row.creation_time ?? 0,
        updatedMs: row.last_update_time ?? row.creation_time ?? 0,
        tags: pairs(
          db,
          "key, value FROM experiment_tags WHERE experiment_id = ? ORDER BY key",
          BigInt(row.experiment_id),
        ),
      })),
    runs: async (experimentId) =>
      db
        .prepare(
          "SELECT run_uuid, artifact_uri FROM runs WHERE experiment_id = ? ORDER BY start_time, run_uuid",
        )
        .all(BigInt(experimentId))
        .map((row) => ({ id: String(row.run_uuid), artifactUri: String(row.artifact_uri ?? "") })),
    run: async (runId) => readRun(db, runId, hasLoggedModels),
    loggedModels: async (experimentId) => (hasLoggedModels ? readLoggedModels(db, BigInt(experimentId)) : []),
    models: async () => readModels(db),
    files: ({ artifactUri }) => localFiles(artifactUri, places),
    close: () => db.close(),
  };
}

/** No more than is read: a number of an experiment may be larger than JavaScript's numbers hold. */
function columnsOf(schema: z.ZodObject): string {
  return Object.keys(schema.shape).join(", ");
}

const experimentSelect = `${columnsOf(rows.experimentRow.omit({ experiment_id: true }))},
  CAST(experiment_id AS TEXT) AS experiment_id FROM experiments ORDER BY experiments.experiment_id`;

function read<T>(db: DatabaseSync, schema: z.ZodType<T>, select: string, ...params: SQLInputValue[]): T[] {
  const table = /FROM (\w+)/.exec(select)?.[1] ?? "";
  return db
    .prepare(`SELECT ${select}`)
    .all(...params)
    .map((row) => rows.readRow(schema, row, table));
}

function pairs(db: DatabaseSync, select: string, ...params: SQLInputValue[]): KeyValue[] {
  return read(db, rows.pairRow, select, ...params).map(({ key, value }) => ({ key, value: value ?? "" }));
}

function points(db: DatabaseSync, table: string, runId: string): Metric[] {
  const select = `key, value, timestamp, step, is_nan FROM ${table} WHERE run_uuid = ? ORDER BY key, timestamp, step`;
  return read(db, rows.pointRow, select, runId).map(({ key, value, timestamp, step, is_nan }) => ({
    key,
    value: fromStored(value, is_nan ?? 0),
    timestampMs: timestamp,
    step,
  }));
}

function readRun(db: DatabaseSync, runId: string, hasLoggedModels: boolean): RunRecord {
  const [row] = read(db, rows.runRow, `${columnsOf(rows.runRow)} FROM runs WHERE run_uuid = ?`, runId);
  const run = row ?? rows.readRow(rows.runRow, row, "runs");
  return {
    runId: run.run_uuid,
    name: run.name ?? "",
    userId: run.user_id ?? "",
    status: run.status,
    startMs: run.start_time,
    endMs: run.end_time,
    lifecycle: run.lifecycle_stage,
    deletedMs: run.deleted_time,
    artifactUri: run.artifact_uri ?? "",
    params: pairs(db, "key, value FROM params WHERE run_uuid = ? ORDER BY key", runId),
    tags: pairs(db, "key, value FROM tags WHERE run_uuid = ? ORDER BY key", runId),
    metrics: points(db, "metrics", runId),
    latest: points(db, "latest_metrics", runId),
    datasets: readDatasets(db, runId),
    models: hasLoggedModels ? readUses(db, runId) : [],
  };
}

function readDatasets(db: DatabaseSync, runId: string): DatasetInput[] {
  const select = `i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema,
    d.dataset_profile FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ? ORDER BY d.name, d.digest`;
  return read(db, rows.datasetRow, select, runId).map((row) => ({
    name: row.name,
    digest: row.digest,
    sourceType: row.dataset_source_type,
    source: row.dataset_source,
    schema: row.dataset_schema ?? undefined,
    profile: row.dataset_profile ?? undefined,
    tags: pairs(db, "name AS key, value FROM input_tags WHERE input_uuid = ? ORDER BY name", row.input_uuid),
  }));
}

function readUses(db: DatabaseSync, runId: string): ModelUse[] {
  const select = `destination_id AS model_id, step, CASE source_type WHEN 'RUN_INPUT' THEN 'input' ELSE 'output' END AS role
    FROM inputs WHERE source_id = ? AND destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT') ORDER BY destination_id`;
  return read(db, rows.useRow, select, runId).map(({ model_id, role, step }) => ({
    modelId: model_id,
    role,
    step: step ?? 0,
  }));
}

function readLoggedModels(db: DatabaseSync, experiment: bigint): LoggedModelRecord[] {
  const select = `${columnsOf(rows.loggedModelRow)} FROM logged_models WHERE experiment_id = ? ORDER BY creation_timestamp_ms, model_id`;
  return read(db, rows.loggedModelRow, select, experiment).map((row) => ({
    modelId: row.model_id,
    name: row.name,
    modelType: row.model_type,
    sourceRunId: row.source_run_id,
    artifactUri: row.artifact_location,
    status: row.status,
    statusMessage: row.status_message,
    lifecycle: row.lifecycle_stage,
    createdMs: row.creation_timestamp_ms,
    updatedMs: row.last_updated_timestamp_ms,
    params: pairs(
      db,
      "param_key AS key, param_value AS value FROM logged_model_params WHERE model_id = ? ORDER BY param_key",
      row.model_id,
    ),
    tags: pairs(
      db,
      "tag_key AS key, tag_value AS value FROM logged_model_tags WHERE model_id = ? ORDER BY tag_key",
      row.model_id,
    ),
    metrics: read(
      db,
      rows.modelPointRow,
      `metric_name AS key, metric_timestamp_ms AS timestamp, metric_step AS step, metric_value AS value, run_id,
        dataset_name, dataset_digest FROM logged_model_metrics WHERE model_id = ? ORDER BY metric_name`,
      row.model_id,
    ).map((point) => ({
      modelId: row.model_id,
      key: point.key,
      timestampMs: point.timestamp,
      step: point.step,
      // It has no flag for NaN.
      value: point.value ?? Number.NaN,
      runId: point.run_id,
      datasetName: point.dataset_name ?? undefined,
      datasetDigest: point.dataset_digest ?? undefined,
    })),
  }));
}

function readModels(db: DatabaseSync): ModelRecord[] {
  return read(db, rows.modelRow, "* FROM registered_models ORDER BY name").map((model) => ({
    name: model.name,
    description: model.description,
    createdMs: model.creation_time ?? 0,
    updatedMs: model.last_updated_time ?? model.creation_time ?? 0,
    tags: pairs(db, "key, value FROM registered_model_tags WHERE name = ? ORDER BY key", model.name),
    versions: read(
      db,
      rows.versionRow,
      "* FROM model_versions WHERE name = ? ORDER BY version",
      model.name,
    ).map((row) => ({
      version: row.version,
      description: row.description,
      userId: row.user_id,
      source: row.source ?? "",
      storageLocation: row.storage_location,
      runId: row.run_id,
      runLink: row.run_link,
      status: row.status ?? "READY",
      statusMessage: row.status_message,
      stage: row.current_stage ?? "None",
      createdMs: row.creation_time ?? 0,
      updatedMs: row.last_updated_time ?? row.creation_time ?? 0,
      tags: pairs(
        db,
        "key, value FROM model_version_tags WHERE name = ? AND version = ? ORDER BY key",
        model.name,
        row.version,
      ),
      aliases: db
        .prepare("SELECT alias FROM registered_model_aliases WHERE name = ? AND version = ? ORDER BY alias")
        .all(model.name, row.version)
        .map(({ alias }) => String(alias)),
    })),
  }));
}
