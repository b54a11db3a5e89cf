import type { Context, KeyValue } from "../context.ts";
import { deletedStage, type Model, type Stage, type Version } from "./model.ts";

/** A row of `tracking_models`. */
export interface ModelRow {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly created_ms: number;
  readonly updated_ms: number;
}

/** A row of `tracking_versions` with its model's name. */
export interface VersionRow {
  readonly model: number;
  readonly name: string;
  readonly version: number;
  readonly description: string | null;
  readonly user_id: string | null;
  readonly source: string;
  readonly storage_location: string | null;
  readonly run_id: string | null;
  readonly run_link: string | null;
  readonly model_id: string | null;
  readonly status: string;
  readonly status_message: string | null;
  readonly stage: Stage;
  readonly created_ms: number;
  readonly updated_ms: number;
}

export const modelColumns = "m.id, m.name, m.description, m.created_ms, m.updated_ms";
export const versionColumns = `v.model, m.name, v.version, v.description, v.user_id, v.source,
  v.storage_location, v.run_id, v.run_link, v.model_id, v.status, v.status_message, v.stage, v.created_ms,
  v.updated_ms`;
export const versionTables = "tracking_versions v JOIN tracking_models m ON m.id = v.model";

const chunk = 500;

/** Completes rows of models with tags, aliases and the newest version of each stage, the oldest stage first. */
export async function loadModels({ store }: Context, rows: readonly ModelRow[]): Promise<Model[]> {
  const models: Model[] = [];
  for (let from = 0; from < rows.length; from += chunk) {
    const some = rows.slice(from, from + chunk);
    const ids = some.map(({ id }) => id).join(", ");
    const [tags, aliases, latest] = await Promise.all([
      store.read<KeyValue & { model: number }>(
        `SELECT model, key, value FROM tracking_model_tags WHERE model IN (${ids}) ORDER BY key`,
      ),
      store.read<{ model: number; alias: string; version: number }>(
        `SELECT model, alias, version FROM tracking_aliases WHERE model IN (${ids}) ORDER BY alias`,
      ),
      store.read<VersionRow>(
        `SELECT ${versionColumns} FROM ${versionTables} JOIN (
            SELECT model, MAX(version) AS version, MIN(version) AS first FROM tracking_versions
            WHERE model IN (${ids}) AND stage <> '${deletedStage}' GROUP BY model, stage) newest
          ON newest.model = v.model AND newest.version = v.version ORDER BY newest.first`,
      ),
    ]);
    const versions = await loadVersions({ store }, latest);
    models.push(
      ...some.map((row) => ({
        name: row.name,
        description: row.description ?? undefined,
        createdMs: row.created_ms,
        updatedMs: row.updated_ms,
        tags: tags.flatMap(({ model, key, value }) => (model === row.id ? [{ key, value }] : [])),
        aliases: aliases.flatMap(({ model, alias, version }) =>
          model === row.id ? [{ alias, version }] : [],
        ),
        latestVersions: versions.filter(({ name }) => name === row.name),
      })),
    );
  }
  return models;
}

/** Completes rows of versions with tags and aliases, in the same order. */
export async function loadVersions(
  { store }: Pick<Context, "store">,
  rows: readonly VersionRow[],
): Promise<Version[]> {
  const versions: Version[] = [];
  for (let from = 0; from < rows.length; from += chunk) {
    const some = rows.slice(from, from + chunk);
    const models = [...new Set(some.map(({ model }) => model))].join(", ");
    const numbers = [...new Set(some.map(({ version }) => version))].join(", ");
    const among = `model IN (${models}) AND version IN (${numbers})`;
    const [tags, aliases] = await Promise.all([
      store.read<KeyValue & { model: number; version: number }>(
        `SELECT model, version, key, value FROM tracking_version_tags WHERE ${among} ORDER BY key`,
      ),
      store.read<{ model: number; version: number; alias: string }>(
        `SELECT model, version, alias FROM tracking_aliases WHERE ${among} ORDER BY alias`,
      ),
    ]);
    const of = (row: VersionRow) => (one: { model: number; version: number }) =>
      one.model === row.model && one.version === row.version;
    versions.push(
      ...some.map((row) => ({
        ...toVersion(row),
        tags: tags.filter(of(row)).map(({ key, value }) => ({ key, value })),
        aliases: aliases.filter(of(row)).map(({ alias }) => alias),
      })),
    );
  }
  return versions;
}

function toVersion(row: VersionRow): Omit<Version, "tags" | "aliases"> {
  return {
    name: row.name,
    version: row.version,
    description: row.description ?? undefined,
    userId: row.user_id ?? undefined,
    stage: row.stage,
    source: row.source,
    storageLocation: row.storage_location ?? row.source,
    runId: row.run_id ?? undefined,
    runLink: row.run_link ?? undefined,
    modelId: row.model_id ?? undefined,
    status: row.status,
    statusMessage: row.status_message ?? undefined,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
