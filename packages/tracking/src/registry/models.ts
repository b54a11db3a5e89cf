import { applicationTag } from "../access/application.ts";
import { homeOf } from "../access/role.ts";
import type { Context, KeyValue } from "../context.ts";
import {
  noteModelDeleted,
  noteModelDescription,
  noteModelMade,
  noteModelName,
  noteModelTagGone,
  noteModelTags,
} from "../history/model-notes.ts";
import { exists } from "../refusal.ts";
import { type Statement, StoreRefusal } from "../store/index.ts";
import { checkKey, checkRegistryTag } from "../validation/names.ts";
import { loadModels, type ModelRow, modelColumns } from "./load-models.ts";
import { checkModelName, type Model, modelMissing } from "./model.ts";

export interface ModelStart {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags: readonly KeyValue[];
}

/** Errors: SCANFLOW_TRACKING_INVALID, _EXISTS. */
export async function createModel(context: Context, { name, description, tags }: ModelStart): Promise<Model> {
  checkModelName(name);
  for (const { key, value } of tags) checkRegistryTag(key, value);
  const made = context.now();
  try {
    await context.store.write([
      { sql: "SELECT id FROM tracking_models WHERE name = ?", params: [name], refuse: "name-taken" },
      countModel,
      insertModel({ name, description, atMs: made }),
      setTags(name, withHomeTag(context, { name, tags })),
      ...noteModelMade(context, name),
    ]);
  } catch (error) {
    if (error instanceof StoreRefusal) throw exists(`Registered Model (name=${name}) already exists.`);
    throw error;
  }
  return getModel(context, name);
}

/** Takes the next number of a model. None is given twice: the history of the registry lives by them. */
export const countModel: Statement = {
  sql: "UPDATE tracking_counters SET next = next + 1 WHERE name = 'model'",
};

/** Makes a model with the number that was taken, unless its name is in use. */
export function insertModel({
  name,
  description,
  atMs,
}: {
  name: string;
  description?: string | undefined;
  atMs: number;
}): Statement {
  return {
    sql: `INSERT INTO tracking_models (id, name, description, created_ms, updated_ms)
      SELECT next - 1, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT)
      FROM tracking_counters WHERE name = 'model' ON CONFLICT (name) DO NOTHING`,
    params: [name, description ?? null, atMs, atMs],
  };
}

/** The tags of a model that is made: one more keeps it with the only application its maker works for. */
export function withHomeTag(
  { actor }: Context,
  { name, tags }: Omit<ModelStart, "description">,
): readonly KeyValue[] {
  const home = actor && homeOf(actor);
  if (home === undefined || home === name || tags.some(({ key }) => key === applicationTag)) return tags;
  return [{ key: applicationTag, value: home }, ...tags];
}

export async function getModel(context: Context, name: string): Promise<Model> {
  const [model] = await loadModels(context, [await modelRow(context, name)]);
  if (!model) throw modelMissing(name);
  return model;
}

export async function modelRow({ store }: Context, name: string): Promise<ModelRow> {
  checkModelName(name);
  const [row] = await store.read<ModelRow>(`SELECT ${modelColumns} FROM tracking_models m WHERE m.name = ?`, [
    name,
  ]);
  if (!row) throw modelMissing(name);
  return row;
}

export async function describeModel(context: Context, name: string, description: string): Promise<Model> {
  const { id } = await modelRow(context, name);
  await context.store.write([
    noteModelDescription(context, id, description),
    {
      sql: "UPDATE tracking_models SET description = ?, updated_ms = ? WHERE id = ?",
      params: [description, context.now(), id],
    },
  ]);
  return getModel(context, name);
}

export async function renameModel(context: Context, name: string, newName: string): Promise<Model> {
  checkModelName(newName, "new_name");
  const { id } = await modelRow(context, name);
  const at = context.now();
  try {
    await context.store.write([
      {
        sql: "SELECT id FROM tracking_models WHERE name = ? AND id <> ?",
        params: [newName, id],
        refuse: "name-taken",
      },
      { sql: "UPDATE tracking_models SET name = ?, updated_ms = ? WHERE id = ?", params: [newName, at, id] },
      { sql: "UPDATE tracking_versions SET updated_ms = ? WHERE model = ?", params: [at, id] },
      noteModelName(context, id, name),
    ]);
  } catch (error) {
    if (error instanceof StoreRefusal) throw exists(`Registered Model (name=${newName}) already exists.`);
    throw error;
  }
  return getModel(context, newName);
}

/** Removes a model with its versions, tags and aliases; the runs it came from stay. */
export async function deleteModel(context: Context, name: string): Promise<void> {
  const { id } = await modelRow(context, name);
  await context.store.write([
    noteModelDeleted(context, id),
    { sql: "DELETE FROM tracking_models WHERE id = ?", params: [id] },
  ]);
}

export async function setModelTag(context: Context, name: string, tag: KeyValue): Promise<void> {
  checkModelName(name);
  checkRegistryTag(tag.key, tag.value);
  await modelRow(context, name);
  await context.store.write([noteModelTags(context, name, [tag]), setTags(name, [tag])]);
}

/** A tag that is not there is no error. */
export async function deleteModelTag(context: Context, name: string, key: string): Promise<void> {
  checkKey(key, "key");
  const { id } = await modelRow(context, name);
  await context.store.write([
    noteModelTagGone(context, id, key),
    { sql: "DELETE FROM tracking_model_tags WHERE model = ? AND key = ?", params: [id, key] },
  ]);
}

function setTags(name: string, tags: readonly KeyValue[]): Statement {
  return {
    sql: `INSERT INTO tracking_model_tags (model, key, value)
      SELECT id, ?, ? FROM tracking_models WHERE name = ?
      ON CONFLICT (model, key) DO UPDATE SET value = excluded.value`,
    rows: tags.map(({ key, value }) => [key, value, name]),
  };
}
