import type { Context } from "../context.ts";
import { noteModelMade } from "../history/model-notes.ts";
import { note } from "../history/note.ts";
import { noteVersionMade } from "../history/version-notes.ts";
import type { LocationContext } from "../locations/locations.ts";
import { checkModelName, deletedStage } from "../registry/model.ts";
import { countModel, insertModel } from "../registry/models.ts";
import { keepSignature, readSignature } from "../registry/signature.ts";
import type { Statement } from "../store/index.ts";
import { taken } from "./import-experiment.ts";
import type { MovedPlaces } from "./place-of.ts";
import type { ModelRecord, VersionRecord } from "./records.ts";

/** Checks the names of registered models before anything is written. Errors: SCANFLOW_TRANSFER_NAME_TAKEN. */
export async function checkModels({ store }: Context, models: readonly ModelRecord[]): Promise<void> {
  for (const { name, createdMs } of models) {
    checkModelName(name);
    const [row] = await store.read<{ created_ms: number }>(
      "SELECT created_ms FROM tracking_models WHERE name = ?",
      [name],
    );
    if (row && row.created_ms !== createdMs) throw taken("a model", name);
  }
}

const thisModel = "(SELECT id FROM tracking_models WHERE name = ?)";

/** Writes a registered model with the versions that are not here yet, all or nothing; gives how many those were. */
export async function importModel(
  context: LocationContext,
  model: ModelRecord,
  moved: MovedPlaces,
): Promise<number> {
  const { name, description, createdMs, updatedMs, tags } = model;
  const [models = [], rows = []] = await context.store.snapshot([
    { sql: "SELECT id FROM tracking_models WHERE name = ?", params: [name] },
    {
      sql: "SELECT v.version FROM tracking_versions v JOIN tracking_models m ON m.id = v.model WHERE m.name = ?",
      params: [name],
    },
  ]);
  const here = new Set(rows.map(({ version }) => Number(version)));
  const versions = model.versions.filter(({ version }) => !here.has(version));
  const unit: Statement[] = [];
  if (models.length === 0) {
    unit.push(
      countModel,
      insertModel({ name, description: description ?? undefined, atMs: createdMs }),
      { sql: "UPDATE tracking_models SET updated_ms = ? WHERE name = ?", params: [updatedMs, name] },
      {
        sql: `INSERT INTO tracking_model_tags (model, key, value) VALUES (${thisModel}, ?, ?)`,
        rows: tags.map(({ key, value }) => [name, key, value]),
      },
      ...noteModelMade(context, name),
    );
  }
  for (const version of versions) unit.push(...(await versionUnit(context, name, { version, moved })));
  await context.store.write(unit);
  return versions.length;
}

async function versionUnit(
  context: LocationContext,
  name: string,
  { version: record, moved }: { version: VersionRecord; moved: MovedPlaces },
): Promise<Statement[]> {
  const { version, stage, tags, aliases } = record;
  const source = moved.translate(record.source);
  const location = record.storageLocation === null ? null : moved.translate(record.storageLocation);
  const made: Statement[] = [
    {
      sql: `INSERT INTO tracking_versions (model, version, description, user_id, source, storage_location, run_id,
          run_link, model_id, status, status_message, stage, created_ms, updated_ms)
        VALUES (${thisModel}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      params: [
        name,
        version,
        record.description,
        record.userId,
        source,
        location,
        record.runId,
        record.runLink,
        /^models:\/(m-[\w-]+)$/.exec(source)?.[1] ?? null,
        record.status,
        record.statusMessage,
        stage,
        record.createdMs,
        record.updatedMs,
      ],
    },
    {
      sql: `INSERT INTO tracking_version_tags (model, version, key, value) VALUES (${thisModel}, ?, ?, ?)`,
      rows: tags.map(({ key, value }) => [name, version, key, value]),
    },
    {
      sql: `INSERT INTO tracking_aliases (model, alias, version) VALUES (${thisModel}, ?, ?) ON CONFLICT DO NOTHING`,
      rows: aliases.map((alias) => [name, alias, version]),
    },
  ];
  if (stage === deletedStage) return made;
  const signature = await readSignature(context, location ?? source);
  return [
    ...made,
    ...noteVersionMade(context, name),
    note(context, {
      field: "stage",
      version: "v.version",
      before: "'None'",
      after: "v.stage",
      from: `tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.version = ? AND v.stage <> 'None'`,
      rows: [[name, version]],
    }),
    note(context, {
      field: "alias",
      key: "a.alias",
      after: "CAST(a.version AS TEXT)",
      from: `tracking_aliases a JOIN tracking_models m ON m.id = a.model
        WHERE m.name = ? AND a.alias = ? AND a.version = ?`,
      rows: aliases.map((alias) => [name, alias, version]),
    }),
    ...keepSignature({ name, location: location ?? source }, signature),
  ];
}
