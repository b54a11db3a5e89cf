import type { Context } from "../context.ts";
import { containedRoot } from "../locations/root.ts";
import { deletedStage } from "../registry/model.ts";
import { readAmong } from "./among.ts";
import { leftLoggedModels } from "./left-logged-models.ts";
import { modelNames, namedDeliveries } from "./named-deliveries.ts";
import {
  amongVersions,
  type PlacedModel,
  type PlacedRun,
  placedModel,
  type VersionPlace,
  versionKey,
} from "./placed.ts";

/** What a purge begins with. */
export interface PurgeRoots {
  readonly experiments?: readonly number[];
  readonly runIds?: readonly string[];
  /** Registered models by their numbers, those that were deleted too. */
  readonly models?: readonly number[];
  readonly versions?: readonly VersionPlace[];
  readonly loggedModels?: readonly string[];
}

/** Everything that goes with them. */
export interface PurgePlan {
  readonly experiments: readonly number[];
  readonly runs: readonly PlacedRun[];
  /** Registered models that go whole. */
  readonly models: readonly number[];
  /** Versions of other models. */
  readonly versions: readonly VersionPlace[];
  /** Models that go since no version of them is left. */
  readonly emptied: readonly number[];
  readonly loggedModels: readonly PlacedModel[];
  /** Logged models that go if nothing holds them any more. */
  readonly left: readonly PlacedModel[];
  /** What webhooks were still to be told of these models and versions. */
  readonly deliveries: readonly string[];
  /** Places on this server of experiments and versions that stay: their files stay, wherever they lie. */
  readonly spared: readonly string[];
}

type Store = Pick<Context, "store">;

/**
 * Finds what goes with the roots: with an experiment its runs and logged models, with a run its logged models, with
 * both the versions made from them, with a version the logged model that nothing else holds. What is not there is
 * passed over.
 */
export async function planPurge({ store }: Store, roots: PurgeRoots): Promise<PurgePlan> {
  const { experiments = [], models = [] } = roots;
  const runs = await runsOf({ store }, roots);
  const runIds = runs.map(({ run_id }) => run_id);
  const loggedModels = await loggedModelsOf({ store }, roots, runIds);
  const whole = new Set(models);
  const made = await versionsMade({ store }, { runs, loggedModels });
  const versions = unique([...(roots.versions ?? []), ...made]).filter(({ model }) => !whole.has(model));
  const going = new Set(runIds);
  const left = await leftLoggedModels({ store }, { whole, versions, runIds: going, besides: loggedModels });
  const emptied = await emptiedOf({ store }, made, versions);
  const gone = new Set([...models, ...emptied]);
  const names = await modelNames({ store }, [...gone, ...versions.map(({ model }) => model)]);
  const deliveries = await namedDeliveries({ store }, { names, whole: gone, versions });
  const spared = await sparedPlaces({ store }, { experiments, versions, whole });
  return { experiments, runs, models, versions, emptied, loggedModels, left, deliveries, spared };
}

interface GoingPlaces {
  readonly experiments: readonly number[];
  readonly versions: readonly VersionPlace[];
  readonly whole: ReadonlySet<number>;
}

/** A location given by hand may lie in the folder of another experiment, and a version may be made of what lies there. */
async function sparedPlaces(
  { store }: Store,
  { experiments, versions, whole }: GoingPlaces,
): Promise<string[]> {
  const going = new Set(experiments);
  const isGoing = amongVersions(versions, whole);
  const others = await store.read<{ id: number; place: string }>(
    `SELECT id, artifact_location AS place FROM tracking_experiments
      WHERE artifact_location LIKE 'mlflow-artifacts:%' AND artifact_location <> 'mlflow-artifacts:/' || id`,
  );
  const places = [
    ...others.filter(({ id }) => !going.has(Number(id))),
    ...(await placedVersions({ store })).filter((version) => !isGoing(version)),
  ];
  return places.flatMap(({ place }) => containedRoot(place) || []);
}

function placedVersions({ store }: Store): Promise<(VersionPlace & { place: string })[]> {
  return store.read(
    `SELECT model, version, storage_location AS place FROM tracking_versions
      WHERE stage <> '${deletedStage}' AND storage_location LIKE 'mlflow-artifacts:%'`,
  );
}

async function runsOf({ store }: Store, { experiments = [], runIds = [] }: PurgeRoots): Promise<PlacedRun[]> {
  const columns = "SELECT run_id, experiment, artifact_uri FROM tracking_runs WHERE";
  const rows = [
    ...(await readAmong<PlacedRun>(store, `${columns} experiment IN`, experiments)),
    ...(await readAmong<PlacedRun>(store, `${columns} run_id IN`, [...new Set(runIds)])),
  ];
  return [...new Map(rows.map((row) => [row.run_id, row])).values()];
}

async function loggedModelsOf(
  { store }: Store,
  { experiments = [], loggedModels = [] }: PurgeRoots,
  runIds: readonly string[],
): Promise<PlacedModel[]> {
  const columns = `${placedModel} WHERE`;
  const rows = [
    ...(await readAmong<PlacedModel>(store, `${columns} experiment IN`, experiments)),
    ...(await readAmong<PlacedModel>(store, `${columns} source_run_id IN`, runIds)),
    ...(await readAmong<PlacedModel>(store, `${columns} model_id IN`, loggedModels)),
  ];
  return [...new Map(rows.map((row) => [row.model_id, row])).values()];
}

/** Versions registered from runs or logged models, also those that were deleted, by what the history says of them. */
async function versionsMade(
  { store }: Store,
  { runs, loggedModels }: { runs: readonly PlacedRun[]; loggedModels: readonly PlacedModel[] },
): Promise<VersionPlace[]> {
  if (runs.length + loggedModels.length === 0) return [];
  const runIds = runs.map(({ run_id }) => run_id);
  const ids = loggedModels.map(({ model_id }) => model_id);
  const present = "SELECT model, version FROM tracking_versions WHERE";
  const past = (field: string) =>
    `SELECT model, version FROM registry_history WHERE field = '${field}' AND new_value IN`;
  return unique([
    ...(await readAmong<VersionPlace>(store, `${present} run_id IN`, runIds)),
    ...(await readAmong<VersionPlace>(store, `${present} model_id IN`, ids)),
    ...(await readAmong<VersionPlace>(store, past("run_id"), runIds)),
    ...(await readAmong<VersionPlace>(store, past("model_id"), ids)),
    ...(await versionsBelow({ store }, [...runs, ...loggedModels])),
  ]);
}

/** Of the models that lose versions with their runs, those that have no other. */
async function emptiedOf(
  { store }: Store,
  made: readonly VersionPlace[],
  going: readonly VersionPlace[],
): Promise<number[]> {
  const isGoing = amongVersions(going);
  const models = [...new Set(made.map(({ model }) => model))];
  const select = "SELECT model, version FROM tracking_versions WHERE model IN";
  const rows = await readAmong<VersionPlace>(store, select, models);
  const staying = new Set(rows.filter((row) => !isGoing(row)).map(({ model }) => Number(model)));
  return models.filter((model) => !staying.has(model));
}

/** Versions whose files lie in one of these places, whatever run or model they name. */
async function versionsBelow(
  { store }: Store,
  places: readonly { artifact_uri: string }[],
): Promise<VersionPlace[]> {
  const roots = new Set(places.flatMap(({ artifact_uri }) => containedRoot(artifact_uri) || []));
  if (roots.size === 0) return [];
  return (await placedVersions({ store })).filter(({ place }) => {
    const parts = (containedRoot(place) ?? "").split("/");
    return parts.some((_, end) => roots.has(parts.slice(0, end + 1).join("/")));
  });
}

function unique(places: readonly VersionPlace[]): VersionPlace[] {
  return [
    ...new Map(
      places.map(({ model, version }) => [versionKey({ model, version }), { model, version }]),
    ).values(),
  ];
}
