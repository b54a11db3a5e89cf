import { openTracking, type Tracking } from "@scanflow/tracking";
import { GatheredUnit, type SqlStore } from "@scanflow/tracking/store";

const among = "(SELECT value FROM json_each(?))";

/** Gathers what a tracker is asked to remove into one unit, which is not written yet. */
export async function gatherRemoval(
  { context }: Tracking,
  remove: (tracking: Tracking) => Promise<unknown>,
): Promise<GatheredUnit> {
  const unit = new GatheredUnit(context.store);
  await remove(await openTracking({ store: unit, artifacts: context.artifacts, clock: context.now }));
  return unit;
}

/** The tracker's runs of these runs, and those that scripts nested below them. */
export async function trackerRunsOf(store: SqlStore, runs: readonly string[]): Promise<string[]> {
  const own = await store.read<{ run_id: string }>(
    `SELECT r.run_id FROM tracking_tags t JOIN tracking_runs r ON r.id = t.run
     WHERE t.key = 'scanflow.run' AND t.value IN ${among}`,
    [JSON.stringify(runs)],
  );
  const nested = await store.read<{ run_id: string; parent: string }>(
    `SELECT r.run_id, t.value AS parent FROM tracking_tags t JOIN tracking_runs r ON r.id = t.run
     WHERE t.key = 'mlflow.parentRunId'
       AND NOT EXISTS (SELECT 1 FROM tracking_tags s WHERE s.run = t.run AND s.key = 'scanflow.run')`,
  );
  const found = new Set(own.map(({ run_id }) => run_id));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { run_id, parent } of nested) if (found.has(parent)) found.add(run_id);
  }
  return [...found];
}

/** Those of all runs that registered a version of a model which is still there. */
export async function runsWithModels(store: SqlStore): Promise<string[]> {
  const rows = await store.read<{ run: string }>(
    `SELECT DISTINCT t.value AS run FROM tracking_versions v
       JOIN tracking_runs r ON r.run_id = v.run_id
       JOIN tracking_tags t ON t.run = r.id AND t.key = 'scanflow.run'
     WHERE v.stage <> 'Deleted_Internal'`,
  );
  return rows.map(({ run }) => run);
}
