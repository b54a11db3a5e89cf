import type { Migration } from "../store/index.ts";
import { accessMigration } from "./access-tables.ts";
import { historyMigration } from "./history-tables.ts";
import { searchIndices } from "./search-indices.ts";
import { uploadTables } from "./upload-tables.ts";
import { webhookTables } from "./webhook-tables.ts";

/**
 * The tracker's tables. Portable SQL: PostgreSQL takes the same statements without `WITHOUT ROWID`.
 *
 * A run has a small number (`id`) that its rows refer to; the history of a metric is clustered in the order
 * it is read (run, key, time), and its key is the whole point, so a repeated point is dropped by itself.
 */
export const trackingMigrations: readonly Migration[] = [
  {
    room: "tracking",
    id: "001-runs",
    up: [
      `CREATE TABLE tracking_counters (name TEXT PRIMARY KEY, next BIGINT NOT NULL)`,
      `INSERT INTO tracking_counters (name, next) VALUES ('experiment', 1)`,
      `CREATE TABLE tracking_experiments (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, artifact_location TEXT NOT NULL,
        lifecycle TEXT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL)`,
      `CREATE TABLE tracking_experiment_tags (
        experiment INTEGER NOT NULL REFERENCES tracking_experiments (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (experiment, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_runs (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE,
        experiment INTEGER NOT NULL REFERENCES tracking_experiments (id),
        name TEXT NOT NULL, user_id TEXT NOT NULL, status TEXT NOT NULL, start_ms BIGINT, end_ms BIGINT,
        lifecycle TEXT NOT NULL, deleted_ms BIGINT, artifact_uri TEXT NOT NULL)`,
      `CREATE INDEX tracking_runs_by_start
        ON tracking_runs (experiment, lifecycle, start_ms DESC, run_id)`,
      `CREATE TABLE tracking_params (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_tags (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_metrics (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL, timestamp_ms BIGINT NOT NULL, step BIGINT NOT NULL,
        value DOUBLE PRECISION NOT NULL, is_nan INTEGER NOT NULL,
        PRIMARY KEY (run, key, timestamp_ms, step, value, is_nan)) WITHOUT ROWID`,
      `CREATE TABLE tracking_latest_metrics (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value DOUBLE PRECISION NOT NULL, is_nan INTEGER NOT NULL,
        step BIGINT NOT NULL, timestamp_ms BIGINT NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID`,
      `CREATE INDEX tracking_latest_metrics_by_value ON tracking_latest_metrics (key, value)`,
    ],
  },
  {
    room: "tracking",
    id: "002-inputs",
    up: [
      `CREATE TABLE tracking_datasets (
        id INTEGER PRIMARY KEY,
        experiment INTEGER NOT NULL REFERENCES tracking_experiments (id) ON DELETE CASCADE,
        name TEXT NOT NULL, digest TEXT NOT NULL, source_type TEXT NOT NULL, source TEXT NOT NULL,
        schema TEXT, profile TEXT, UNIQUE (experiment, name, digest))`,
      `CREATE TABLE tracking_inputs (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        dataset INTEGER NOT NULL REFERENCES tracking_datasets (id) ON DELETE CASCADE,
        PRIMARY KEY (run, dataset)) WITHOUT ROWID`,
      `CREATE INDEX tracking_inputs_by_dataset ON tracking_inputs (dataset)`,
      `CREATE TABLE tracking_input_tags (
        run INTEGER NOT NULL, dataset INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (run, dataset, key),
        FOREIGN KEY (run, dataset) REFERENCES tracking_inputs (run, dataset) ON DELETE CASCADE) WITHOUT ROWID`,
      `CREATE TABLE tracking_logged_models (
        model_id TEXT PRIMARY KEY, experiment INTEGER NOT NULL REFERENCES tracking_experiments (id),
        name TEXT NOT NULL, model_type TEXT, source_run_id TEXT, artifact_uri TEXT NOT NULL,
        status INTEGER NOT NULL, status_message TEXT, lifecycle TEXT NOT NULL,
        created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL)`,
      `CREATE INDEX tracking_logged_models_by_experiment
        ON tracking_logged_models (experiment, lifecycle, created_ms DESC)`,
      `CREATE INDEX tracking_logged_models_by_run ON tracking_logged_models (source_run_id)`,
      `CREATE TABLE tracking_logged_model_params (
        model_id TEXT NOT NULL REFERENCES tracking_logged_models (model_id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (model_id, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_logged_model_tags (
        model_id TEXT NOT NULL REFERENCES tracking_logged_models (model_id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (model_id, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_logged_model_metrics (
        model_id TEXT NOT NULL REFERENCES tracking_logged_models (model_id) ON DELETE CASCADE,
        key TEXT NOT NULL, timestamp_ms BIGINT NOT NULL, step BIGINT NOT NULL, run_id TEXT NOT NULL,
        value DOUBLE PRECISION NOT NULL, is_nan INTEGER NOT NULL, dataset_name TEXT, dataset_digest TEXT,
        PRIMARY KEY (model_id, key, timestamp_ms, step, run_id)) WITHOUT ROWID`,
      `CREATE TABLE tracking_run_models (
        run INTEGER NOT NULL REFERENCES tracking_runs (id) ON DELETE CASCADE,
        model_id TEXT NOT NULL, role TEXT NOT NULL, step BIGINT NOT NULL,
        PRIMARY KEY (run, role, model_id)) WITHOUT ROWID`,
    ],
  },
  {
    room: "tracking",
    id: "003-registry",
    up: [
      `CREATE TABLE tracking_models (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT,
        created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL)`,
      `CREATE TABLE tracking_model_tags (
        model INTEGER NOT NULL REFERENCES tracking_models (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (model, key)) WITHOUT ROWID`,
      `CREATE TABLE tracking_versions (
        model INTEGER NOT NULL REFERENCES tracking_models (id) ON DELETE CASCADE, version BIGINT NOT NULL,
        description TEXT, user_id TEXT, source TEXT NOT NULL, storage_location TEXT, run_id TEXT,
        run_link TEXT, model_id TEXT, status TEXT NOT NULL, status_message TEXT, stage TEXT NOT NULL,
        created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL, digest TEXT,
        PRIMARY KEY (model, version))`,
      `CREATE INDEX tracking_versions_by_run ON tracking_versions (run_id)`,
      `CREATE INDEX tracking_versions_by_digest ON tracking_versions (digest)`,
      `CREATE TABLE tracking_version_tags (
        model INTEGER NOT NULL, version BIGINT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (model, version, key),
        FOREIGN KEY (model, version) REFERENCES tracking_versions (model, version) ON DELETE CASCADE)
        WITHOUT ROWID`,
      `CREATE TABLE tracking_aliases (
        model INTEGER NOT NULL, alias TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (model, alias),
        FOREIGN KEY (model, version) REFERENCES tracking_versions (model, version) ON DELETE CASCADE)
        WITHOUT ROWID`,
      `CREATE INDEX tracking_aliases_by_version ON tracking_aliases (model, version)`,
    ],
  },
  {
    room: "tracking",
    id: "004-artifacts",
    up: [
      `CREATE TABLE tracking_artifacts (
        path TEXT PRIMARY KEY, digest TEXT NOT NULL, size BIGINT NOT NULL, kind TEXT NOT NULL,
        added_ms BIGINT NOT NULL) WITHOUT ROWID`,
      `CREATE INDEX tracking_artifacts_by_digest ON tracking_artifacts (digest)`,
    ],
  },
  accessMigration,
  historyMigration,
  webhookTables,
  uploadTables,
  ...searchIndices,
];
