import type { Context } from "../context.ts";
import { experimentIdOf } from "../experiments/experiment-unknown.ts";
import {
  checkModelName,
  deletedStage,
  modelMissing,
  parseVersion,
  versionMissing,
} from "../registry/model.ts";
import { modelRow } from "../registry/models.ts";
import { runMissing } from "../runs/run-index.ts";
import { readAmong } from "./among.ts";
import type { VersionPlace } from "./placed.ts";
import type { PurgeRoots } from "./purge-plan.ts";

/** What is to be removed for good. */
export type PurgeTarget =
  | { readonly kind: "runs"; readonly runIds: readonly string[] }
  | { readonly kind: "experiment"; readonly name: string }
  /** A registered model with all versions; also what is kept of one that was deleted. */
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "versions"; readonly name: string; readonly versions: readonly string[] }
  /** All that was deleted at least so long ago, and can still be restored or is told of by the history. */
  | { readonly kind: "deleted"; readonly olderThanMs: number };

type Store = Pick<Context, "store" | "now">;

/** What a purge of the target begins with. Errors: SCANFLOW_TRACKING_MISSING when one of its names is unknown. */
export async function rootsOf(context: Store, target: PurgeTarget): Promise<PurgeRoots> {
  switch (target.kind) {
    case "runs":
      return { runIds: await knownRuns(context, target.runIds) };
    case "experiment":
      return { experiments: [Number(await experimentIdOf(context.store, target.name))] };
    case "model":
      return { models: await modelsNamed(context, target.name) };
    case "versions":
      return { versions: await versionsNamed(context, target.name, target.versions) };
    case "deleted":
      return deletedBefore(context, context.now() - target.olderThanMs);
  }
}

async function knownRuns({ store }: Store, runIds: readonly string[]): Promise<string[]> {
  const asked = [...new Set(runIds)];
  const select = "SELECT run_id FROM tracking_runs WHERE run_id IN";
  const found = new Set(
    (await readAmong<{ run_id: string }>(store, select, asked)).map(({ run_id }) => run_id),
  );
  for (const runId of asked) if (!found.has(runId)) throw runMissing(runId);
  return asked;
}

/** SQL of models that were deleted: `h` is the change that took them away. */
const deletedModels = `registry_history h WHERE h.field = 'model' AND h.new_value IS NULL
  AND NOT EXISTS (SELECT 1 FROM tracking_models m WHERE m.id = h.model)`;

/** The model of that name, and those that were deleted under it. */
async function modelsNamed({ store }: Store, name: string): Promise<number[]> {
  checkModelName(name);
  const rows = await store.read<{ id: number }>(
    `SELECT id FROM tracking_models WHERE name = ?
      UNION SELECT h.model FROM ${deletedModels} AND h.old_value = ?`,
    [name, name],
  );
  if (rows.length === 0) throw modelMissing(name);
  return rows.map(({ id }) => Number(id));
}

/** Versions of a model that is there, also those that were deleted. */
async function versionsNamed(
  { store, now }: Store,
  name: string,
  versions: readonly string[],
): Promise<VersionPlace[]> {
  const { id } = await modelRow({ store, now }, name);
  const asked = [...new Set(versions.map(parseVersion))];
  const select = `SELECT version FROM tracking_versions WHERE model = ${id} AND version IN`;
  const found = new Set(
    (await readAmong<{ version: number }>(store, select, asked)).map(({ version }) => Number(version)),
  );
  for (const version of asked) if (!found.has(version)) throw versionMissing(name, version);
  return asked.map((version) => ({ model: id, version }));
}

async function deletedBefore({ store }: Store, cutoffMs: number): Promise<PurgeRoots> {
  const [experiments = [], runs = [], logged = [], models = [], versions = []] = await store.snapshot([
    {
      sql: "SELECT id FROM tracking_experiments WHERE lifecycle = 'deleted' AND updated_ms <= ?",
      params: [cutoffMs],
    },
    {
      sql: "SELECT run_id FROM tracking_runs WHERE lifecycle = 'deleted' AND deleted_ms <= ?",
      params: [cutoffMs],
    },
    {
      sql: "SELECT model_id FROM tracking_logged_models WHERE lifecycle = 'deleted' AND updated_ms <= ?",
      params: [cutoffMs],
    },
    { sql: `SELECT DISTINCT h.model FROM ${deletedModels} AND h.at_ms <= ?`, params: [cutoffMs] },
    {
      sql: `SELECT model, version FROM tracking_versions WHERE stage = '${deletedStage}' AND updated_ms <= ?`,
      params: [cutoffMs],
    },
  ]);
  return {
    experiments: experiments.map(({ id }) => Number(id)),
    runIds: runs.map(({ run_id }) => String(run_id)),
    loggedModels: logged.map(({ model_id }) => String(model_id)),
    models: models.map(({ model }) => Number(model)),
    versions: versions.map(({ model, version }) => ({ model: Number(model), version: Number(version) })),
  };
}
