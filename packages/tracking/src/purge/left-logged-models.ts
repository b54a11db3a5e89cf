import type { Context } from "../context.ts";
import { readAmong } from "./among.ts";
import { amongVersions, type PlacedModel, placedModel, type VersionPlace } from "./placed.ts";

/** SQL of what keeps a logged model `l` besides a version of a registered one: the run that logged it, or one that notes it. */
export const heldByRun = `(EXISTS (SELECT 1 FROM tracking_runs r WHERE r.run_id = l.source_run_id)
  OR EXISTS (SELECT 1 FROM tracking_run_models n WHERE n.model_id = l.model_id))`;

/** The runs that hold logged models, as in `heldByRun`: which run holds which model. */
export async function runsHolding(
  { store }: Pick<Context, "store">,
  modelIds: readonly string[],
): Promise<{ id: string; run_id: string }[]> {
  const noted = `SELECT n.model_id AS id, r.run_id FROM tracking_run_models n JOIN tracking_runs r ON r.id = n.run
    WHERE n.model_id IN`;
  const logged = `SELECT l.model_id AS id, r.run_id FROM tracking_logged_models l
    JOIN tracking_runs r ON r.run_id = l.source_run_id WHERE l.model_id IN`;
  return [
    ...(await readAmong<{ id: string; run_id: string }>(store, noted, modelIds)),
    ...(await readAmong<{ id: string; run_id: string }>(store, logged, modelIds)),
  ];
}

interface Going {
  readonly whole: ReadonlySet<number>;
  readonly versions: readonly VersionPlace[];
  readonly runIds: ReadonlySet<string>;
  readonly besides: readonly PlacedModel[];
}

/** The logged models behind versions that go, which neither a run nor another version holds. */
export async function leftLoggedModels(
  { store }: Pick<Context, "store">,
  { whole, versions, runIds, besides }: Going,
): Promise<PlacedModel[]> {
  const known = new Set(besides.map(({ model_id }) => model_id));
  const columns =
    "SELECT model, version, model_id AS id FROM tracking_versions WHERE model_id IS NOT NULL AND";
  const touched = [...new Set([...whole, ...versions.map(({ model }) => model)])];
  const rows = await readAmong<VersionPlace & { id: string }>(store, `${columns} model IN`, touched);
  const isGoing = amongVersions(versions, whole);
  const ids = [...new Set(rows.filter(isGoing).map(({ id }) => id))].filter((id) => !known.has(id));
  const holders = await readAmong<VersionPlace & { id: string }>(store, `${columns} model_id IN`, ids);
  const held = new Set(holders.filter((row) => !isGoing(row)).map(({ id }) => id));
  const candidates = ids.filter((id) => !held.has(id));
  for (const { id, run_id } of await runsHolding({ store }, candidates))
    if (!runIds.has(run_id)) held.add(id);
  return readAmong<PlacedModel>(
    store,
    `${placedModel} WHERE model_id IN`,
    candidates.filter((id) => !held.has(id)),
  );
}
