import type { Context, KeyValue } from "../context.ts";
import { pathInRun } from "../locations/run-artifacts.ts";
import type { RunEntry } from "../runs/run-index.ts";
import { checkRegistryTag } from "../validation/names.ts";
import { checkModelName, deletedStage } from "./model.ts";

export interface Registration {
  readonly name: string;
  /** Where the model lies in its run, such as `model`. */
  readonly source: string;
  /** The content at that place; kept as long as the version is. */
  readonly digest: string;
  readonly tags?: readonly KeyValue[];
  readonly description?: string;
}

export interface Registered {
  readonly version: number;
  /** What was not there before. */
  readonly made: readonly ("model" | "version")[];
}

/**
 * Registers a run's artifact as a version, making the model when it is new. The same name, run and source
 * again give the version they gave before.
 */
export async function registerVersion(
  { store, now }: Context,
  run: RunEntry,
  { name, source, digest, tags = [], description }: Registration,
): Promise<Registered> {
  checkModelName(name);
  for (const { key, value } of tags) checkRegistryTag(key, value);
  const location = `mlflow-artifacts:/${pathInRun(run, source)}`;
  const at = now();
  const results = await store.write([
    {
      sql: `INSERT INTO tracking_models (name, description, created_ms, updated_ms) VALUES (?, NULL, ?, ?)
        ON CONFLICT (name) DO NOTHING`,
      params: [name, at, at],
    },
    {
      sql: `INSERT INTO tracking_versions (model, version, description, source, storage_location, run_id,
          status, stage, created_ms, updated_ms, digest)
        SELECT m.id, 1 + COALESCE((SELECT MAX(version) FROM tracking_versions WHERE model = m.id), 0),
          ?, ?, ?, ?, 'READY', 'None', ?, ?, ?
        FROM tracking_models m WHERE m.name = ? AND NOT EXISTS (SELECT 1 FROM tracking_versions v
          WHERE v.model = m.id AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}')`,
      params: [description ?? null, location, location, run.runId, at, at, digest, name, run.runId, location],
    },
    {
      sql: `UPDATE tracking_models SET updated_ms = ? WHERE name = ?
        AND EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model = tracking_models.id AND v.created_ms = ?)`,
      params: [at, name, at],
    },
    {
      sql: `INSERT INTO tracking_version_tags (model, version, key, value)
        SELECT v.model, v.version, ?, ? FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}'
        ON CONFLICT DO NOTHING`,
      rows: tags.map(({ key, value }) => [key, value, name, run.runId, location]),
    },
    {
      sql: `SELECT v.version FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}'`,
      params: [name, run.runId, location],
    },
  ]);
  const made = (["model", "version"] as const).filter((_, i) => results[i]?.changes === 1);
  return { version: Number(results.at(-1)?.rows[0]?.version), made };
}
