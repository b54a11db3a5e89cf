import type { Context, KeyValue } from "../context.ts";
import {
  noteVersionDeleted,
  noteVersionDescription,
  noteVersionMade,
  noteVersionTag,
  noteVersionTagGone,
} from "../history/version-notes.ts";
import type { LocationContext } from "../locations/locations.ts";
import type { Statement } from "../store/index.ts";
import { checkKey, checkRegistryTag } from "../validation/names.ts";
import { loadVersions, type VersionRow, versionColumns, versionTables } from "./load-models.ts";
import { checkModelName, deletedStage, parseVersion, type Version, versionMissing } from "./model.ts";
import { modelRow } from "./models.ts";
import { numberOfNext } from "./next-version.ts";
import { keepSignature, readSignature } from "./signature.ts";

export interface VersionStart {
  readonly name: string;
  readonly source: string;
  readonly storageLocation: string;
  readonly runId?: string | undefined;
  readonly runLink?: string | undefined;
  readonly modelId?: string | undefined;
  readonly description?: string | undefined;
  readonly tags: readonly KeyValue[];
}

/** Makes the next version of a model that is there. */
export async function createVersion(context: LocationContext, start: VersionStart): Promise<Version> {
  for (const { key, value } of start.tags) checkRegistryTag(key, value);
  const { id } = await modelRow(context, start.name);
  const signature = await readSignature(context, start.storageLocation);
  const at = context.now();
  const [inserted] = await context.store.write([
    {
      sql: `INSERT INTO tracking_versions (model, version, description, source, storage_location, run_id,
          run_link, model_id, status, stage, created_ms, updated_ms)
        SELECT m.id, ${numberOfNext},
          ?, ?, ?, ?, ?, ?, 'READY', 'None', ?, ? FROM tracking_models m WHERE m.id = ? RETURNING version`,
      params: [
        start.description ?? "",
        start.source,
        start.storageLocation,
        start.runId ?? null,
        start.runLink ?? null,
        start.modelId ?? null,
        at,
        at,
        id,
      ],
    },
    {
      sql: `INSERT INTO tracking_version_tags (model, version, key, value)
        SELECT model, MAX(version), ?, ? FROM tracking_versions WHERE model = ? GROUP BY model
        ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value`,
      rows: start.tags.map(({ key, value }) => [key, value, id]),
    },
    touchModel(id, at),
    ...noteVersionMade(context, start.name),
    ...keepSignature({ name: start.name, location: start.storageLocation }, signature),
  ]);
  return getVersion(context, start.name, String(inserted?.rows[0]?.version));
}

export async function getVersion(context: Context, name: string, version: string): Promise<Version> {
  const [found] = await loadVersions(context, [await versionRow(context, name, version)]);
  if (!found) throw versionMissing(name, version);
  return found;
}

export async function versionRow({ store }: Context, name: string, version: string): Promise<VersionRow> {
  checkModelName(name);
  const number = parseVersion(version);
  const [row] = await store.read<VersionRow>(
    `SELECT ${versionColumns} FROM ${versionTables}
      WHERE m.name = ? AND v.version = ? AND v.stage <> '${deletedStage}'`,
    [name, number],
  );
  if (!row) throw versionMissing(name, number);
  return row;
}

/** Says what a version is; without a description, nothing any more. */
export async function describeVersion(
  context: Context,
  { name, version, description }: { name: string; version: string; description: string | undefined },
): Promise<Version> {
  const row = await versionRow(context, name, version);
  await context.store.write([
    noteVersionDescription(context, row, description ?? ""),
    {
      sql: "UPDATE tracking_versions SET description = ?, updated_ms = ? WHERE model = ? AND version = ?",
      params: [description ?? null, context.now(), row.model, row.version],
    },
  ]);
  return getVersion(context, name, version);
}

/** Takes a version away; its number stays used and its aliases go. */
export async function deleteVersion(context: Context, name: string, version: string): Promise<void> {
  const { model, version: number } = await versionRow(context, name, version);
  const at = context.now();
  const place = [model, number];
  await context.store.write([
    ...noteVersionDeleted(context, { model, version: number }),
    { sql: "DELETE FROM tracking_aliases WHERE model = ? AND version = ?", params: place },
    { sql: "DELETE FROM registry_signatures WHERE model = ? AND version = ?", params: place },
    { sql: "DELETE FROM tracking_version_tags WHERE model = ? AND version = ?", params: place },
    {
      sql: `UPDATE tracking_versions SET stage = '${deletedStage}', description = NULL, user_id = NULL,
          source = '', storage_location = NULL, run_id = NULL, run_link = NULL, model_id = NULL,
          status_message = NULL, digest = NULL, updated_ms = ? WHERE model = ? AND version = ?`,
      params: [at, ...place],
    },
    touchModel(model, at),
  ]);
}

export async function setVersionTag(
  context: Context,
  { name, version, tag }: { name: string; version: string; tag: KeyValue },
): Promise<void> {
  checkRegistryTag(tag.key, tag.value);
  const row = await versionRow(context, name, version);
  await context.store.write([
    noteVersionTag(context, row, tag),
    {
      sql: `INSERT INTO tracking_version_tags (model, version, key, value) VALUES (?, ?, ?, ?)
        ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value`,
      params: [row.model, row.version, tag.key, tag.value],
    },
  ]);
}

/** A tag that is not there is no error. */
export async function deleteVersionTag(
  context: Context,
  { name, version, key }: { name: string; version: string; key: string },
): Promise<void> {
  checkKey(key, "key");
  const row = await versionRow(context, name, version);
  await context.store.write([
    noteVersionTagGone(context, row, key),
    {
      sql: "DELETE FROM tracking_version_tags WHERE model = ? AND version = ? AND key = ?",
      params: [row.model, row.version, key],
    },
  ]);
}

export function touchModel(id: number, at: number): Statement {
  return { sql: "UPDATE tracking_models SET updated_ms = ? WHERE id = ?", params: [at, id] };
}
