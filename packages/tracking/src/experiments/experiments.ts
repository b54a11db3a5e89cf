import type { Context, KeyValue } from "../context.ts";
import { TrackingError } from "../errors.ts";
import { containedRoot } from "../locations/root.ts";
import { exists, invalid, missing } from "../refusal.ts";
import { type SqlValue, type Statement, StoreRefusal } from "../store/index.ts";
import { limits, truncate } from "../validation/limits.ts";
import { checkKey } from "../validation/names.ts";
import {
  checkArtifactLocation,
  checkExperimentName,
  type Experiment,
  type ExperimentRow,
  experimentColumns,
  experimentMissing,
  parseExperimentId,
  toExperiment,
} from "./experiment.ts";

export interface ExperimentStart {
  readonly name: string;
  readonly artifactLocation?: string | undefined;
  readonly tags?: readonly KeyValue[];
}

/** Makes an experiment and gives its id. Errors: SCANFLOW_TRACKING_EXISTS, _INVALID. */
export async function createExperiment(context: Context, start: ExperimentStart): Promise<string> {
  const id = await insertExperiment(context, start);
  if (id !== undefined) return id;
  const name = start.name;
  throw exists(`Experiment(name=${name}) already exists. Error: the name is taken, also by a deleted one.`);
}

/** Gives the id of the experiment of that name, making it when there is none; restores nothing. */
export async function ensureExperiment(
  context: Context,
  name: string,
  tags: readonly KeyValue[] = [],
): Promise<string> {
  const [before] = await findByName(context, name);
  if (before) return String(before.id);
  const id = await insertExperiment(context, { name, tags });
  if (id !== undefined) return id;
  const [after] = await findByName(context, name);
  if (!after) throw missing(`Could not find experiment with name '${name}'`);
  return String(after.id);
}

export async function getExperiment(context: Context, experimentId: string): Promise<Experiment> {
  const id = parseExperimentId(experimentId);
  const [row] = await select(context, "WHERE e.id = ?", [id]);
  if (!row) throw experimentMissing(String(id));
  return row;
}

export async function getExperimentByName(context: Context, name: string): Promise<Experiment> {
  const [row] = await select(context, "WHERE e.name = ?", [name]);
  if (!row) throw missing(`Could not find experiment with name '${name}'`);
  return row;
}

/** Deletes an experiment and its runs, so that they can be restored. */
export function deleteExperiment(context: Context, experimentId: string): Promise<void> {
  return setLifecycle(context, experimentId, "deleted");
}

/** Restores an experiment and all its runs. */
export function restoreExperiment(context: Context, experimentId: string): Promise<void> {
  return setLifecycle(context, experimentId, "active");
}

async function setLifecycle({ store, now }: Context, experimentId: string, to: "active" | "deleted") {
  const id = parseExperimentId(experimentId);
  const from = to === "active" ? "deleted" : "active";
  const deletedMs = to === "active" ? null : now();
  // The runs first: what is so already stays as it is, with the runs that were deleted by themselves.
  const [, result] = await store.write([
    {
      sql: `UPDATE tracking_runs SET lifecycle = ?, deleted_ms = ? WHERE experiment = ?
        AND EXISTS (SELECT 1 FROM tracking_experiments WHERE id = ? AND lifecycle = ?)`,
      params: [to, deletedMs, id, id, from],
    },
    {
      sql: "UPDATE tracking_experiments SET lifecycle = ?, updated_ms = ? WHERE id = ? AND lifecycle = ?",
      params: [to, now(), id, from],
    },
  ]);
  if (result?.changes === 0) throw experimentMissing(String(id));
}

/** Errors: SCANFLOW_TRACKING_MISSING, _EXISTS, and _STATE for a deleted experiment. */
export async function renameExperiment(context: Context, experimentId: string, name: string): Promise<void> {
  checkExperimentName(name);
  const { store, now } = context;
  const { lifecycle } = await getExperiment(context, experimentId);
  if (lifecycle !== "active") {
    throw new TrackingError("SCANFLOW_TRACKING_STATE", "Cannot rename a non-active experiment.");
  }
  const id = parseExperimentId(experimentId);
  try {
    await store.write([
      {
        sql: "SELECT id FROM tracking_experiments WHERE name = ? AND id <> ?",
        params: [name, id],
        refuse: "name-taken",
      },
      {
        sql: "UPDATE tracking_experiments SET name = ?, updated_ms = ? WHERE id = ? AND lifecycle = 'active'",
        params: [name, now(), id],
      },
    ]);
  } catch (error) {
    if (error instanceof StoreRefusal) throw exists(`Experiment(name=${name}) already exists.`);
    throw error;
  }
}

export async function setExperimentTag(context: Context, experimentId: string, tag: KeyValue): Promise<void> {
  checkExperimentTag(tag);
  const { lifecycle } = await getExperiment(context, experimentId);
  checkActive(experimentId, lifecycle);
  await context.store.write([setTag(parseExperimentId(experimentId), [tag])]);
}

export async function deleteExperimentTag(
  context: Context,
  experimentId: string,
  key: string,
): Promise<void> {
  const { lifecycle } = await getExperiment(context, experimentId);
  checkActive(experimentId, lifecycle);
  const [result] = await context.store.write([
    {
      sql: "DELETE FROM tracking_experiment_tags WHERE experiment = ? AND key = ?",
      params: [parseExperimentId(experimentId), key],
    },
  ]);
  if (result?.changes === 0) {
    throw missing(`No tag with name: ${key} in experiment with id ${experimentId}`);
  }
}

export function checkActive(experimentId: string, lifecycle: string): void {
  if (lifecycle === "active") return;
  throw invalid(
    `The experiment ${experimentId} must be in the 'active' state. Current state is ${lifecycle}.`,
  );
}

function checkExperimentTag({ key }: KeyValue): void {
  checkKey(key, "key");
}

function setTag(experiment: number, tags: readonly KeyValue[]): Statement {
  return {
    sql: `INSERT INTO tracking_experiment_tags (experiment, key, value) VALUES (?, ?, ?)
      ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value`,
    rows: tags.map(({ key, value }) => [experiment, key, truncate(value, limits.experimentTagValue)]),
  };
}

/** Undefined when the name is taken. */
async function insertExperiment(
  { store, now }: Context,
  start: ExperimentStart,
): Promise<string | undefined> {
  const { name, artifactLocation, tags = [] } = start;
  checkExperimentName(name);
  if (artifactLocation) checkArtifactLocation(artifactLocation);
  for (const tag of tags) checkExperimentTag(tag);
  const location = artifactLocation ? normalLocation(artifactLocation) : null;
  try {
    const [, , inserted] = await store.write([
      { sql: "SELECT id FROM tracking_experiments WHERE name = ?", params: [name], refuse: "name-taken" },
      { sql: "UPDATE tracking_counters SET next = next + 1 WHERE name = 'experiment'" },
      {
        sql: `INSERT INTO tracking_experiments (id, name, artifact_location, lifecycle, created_ms, updated_ms)
          SELECT next - 1, ?, COALESCE(?, 'mlflow-artifacts:/' || (next - 1)), 'active', ?, ?
          FROM tracking_counters WHERE name = 'experiment' RETURNING id`,
        params: [name, location, now(), now()],
      },
      {
        sql: `INSERT INTO tracking_experiment_tags (experiment, key, value)
          SELECT id, ?, ? FROM tracking_experiments WHERE name = ?
          ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value`,
        rows: tags.map(({ key, value }) => [key, truncate(value, limits.experimentTagValue), name]),
      },
    ]);
    return String(inserted?.rows[0]?.id);
  } catch (error) {
    if (error instanceof StoreRefusal) return undefined;
    throw error;
  }
}

/** A location on this server is kept without the host that the client happened to reach it by. */
function normalLocation(location: string): string {
  const root = containedRoot(location);
  return root === undefined ? location : `mlflow-artifacts:/${root}`;
}

function findByName({ store }: Context, name: string): Promise<{ id: number }[]> {
  return store.read("SELECT id FROM tracking_experiments WHERE name = ?", [name]);
}

async function select({ store }: Context, where: string, params: SqlValue[]): Promise<Experiment[]> {
  const rows = await store.read<ExperimentRow>(
    `SELECT ${experimentColumns} FROM tracking_experiments e ${where}`,
    params,
  );
  return loadExperiments(store, rows);
}

/** Completes rows of experiments with their tags, in the same order. */
export async function loadExperiments(
  store: Context["store"],
  rows: readonly ExperimentRow[],
): Promise<Experiment[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id).join(", ");
  const tags = await store.read<KeyValue & { experiment: number }>(
    `SELECT experiment, key, value FROM tracking_experiment_tags WHERE experiment IN (${ids}) ORDER BY key`,
  );
  const byExperiment = Map.groupBy(tags, ({ experiment }) => experiment);
  return rows.map((row) =>
    toExperiment(
      row,
      (byExperiment.get(row.id) ?? []).map(({ key, value }) => ({ key, value })),
    ),
  );
}
