import type { Migration } from "../store/index.ts";

const application = `COALESCE((SELECT t.value FROM tracking_model_tags t WHERE t.model = m.id
  AND t.key = 'scanflow.application' AND t.value <> ''), m.name)`;

/** Puts down what is there already, as if it had been made when it was by somebody unknown. */
function found(columns: string, from: string): string {
  return `INSERT INTO registry_history (model, name, application, version, at_ms, user_name, field, key, old_value, new_value)
    SELECT m.id, m.name, ${application}, ${columns} FROM ${from}`;
}

/**
 * Every change of the registry. Rows refer to a model by its number, which is never given again, and outlive it.
 * A signature is what the file MLmodel said when its version was made.
 */
export const historyMigration: Migration = {
  room: "tracking",
  id: "006-history",
  up: [
    `CREATE TABLE registry_history (
      id INTEGER PRIMARY KEY, model BIGINT NOT NULL, name TEXT NOT NULL, application TEXT NOT NULL,
      version BIGINT, at_ms BIGINT NOT NULL, user_name TEXT NOT NULL, field TEXT NOT NULL, key TEXT,
      old_value TEXT, new_value TEXT)`,
    `CREATE INDEX registry_history_by_model ON registry_history (model, version)`,
    `CREATE INDEX registry_history_by_name ON registry_history (name)`,
    `CREATE INDEX registry_history_by_run ON registry_history (new_value) WHERE field = 'run_id'`,
    `INSERT INTO tracking_counters (name, next) SELECT 'model', COALESCE(MAX(id), 0) + 1 FROM tracking_models`,
    found("NULL, m.created_ms, '', 'model', NULL, NULL, m.name", "tracking_models m"),
    found(
      "NULL, m.created_ms, '', 'description', NULL, NULL, m.description",
      "tracking_models m WHERE m.description <> ''",
    ),
    found(
      "NULL, m.created_ms, '', 'tag', t.key, NULL, t.value",
      "tracking_model_tags t JOIN tracking_models m ON m.id = t.model",
    ),
    ...["source", "run_id", "model_id", "description", "stage"].map((column) =>
      found(
        `v.version, v.created_ms, '', '${column === "source" ? "version" : column}', NULL, NULL, v.${column}`,
        `tracking_versions v JOIN tracking_models m ON m.id = v.model
          WHERE v.stage <> 'Deleted_Internal' AND v.${column} <> ''`,
      ),
    ),
    found(
      "t.version, v.created_ms, '', 'tag', t.key, NULL, t.value",
      `tracking_version_tags t JOIN tracking_versions v ON v.model = t.model AND v.version = t.version
        JOIN tracking_models m ON m.id = t.model`,
    ),
    found(
      "NULL, m.updated_ms, '', 'alias', a.alias, NULL, CAST(a.version AS TEXT)",
      "tracking_aliases a JOIN tracking_models m ON m.id = a.model",
    ),
    `CREATE TABLE registry_signatures (
      model INTEGER NOT NULL, version BIGINT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (model, version),
      FOREIGN KEY (model, version) REFERENCES tracking_versions (model, version) ON DELETE CASCADE)`,
  ],
};
