import { errorCode, ScanflowError } from "@scanflow/core";
import {
  type Kept,
  type PreparedPurge,
  type PurgeReport,
  type PurgeTarget,
  preparePurge,
  purge,
  type Tracking,
} from "@scanflow/tracking";
import type { SqlStore, Statement } from "@scanflow/tracking/store";
import { hasEnded } from "../engine/index.ts";
import { ownTrackers } from "./own-trackers.ts";
import { ownersOf, type TrackerRunOwner } from "./purge-owners.ts";
import { removeRows } from "./remove-rows.ts";
import { sweepArtifacts } from "./sweep-artifacts.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";

export interface PurgeTrackerOptions {
  readonly target: PurgeTarget;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean | undefined;
  readonly now: number;
  /** Called between the steps, for tests that end the process there. */
  readonly probe?: (point: string) => void;
}

/**
 * Removes things for good from the trackers of an application. Runs that the application itself made stay, since its
 * records say what they were: those go with the application's run. Where a version goes, what the cache kept of the
 * attempt that made it goes too: else the next run would take over a model that there is not. Rows go first, in one
 * unit; then files, and what a crash leaves of these, `collectGarbage` takes.
 * Errors: SCANFLOW_PURGE_OWNED, SCANFLOW_RUN_ACTIVE, SCANFLOW_TRACKING_MISSING, and those of the stores.
 */
export async function purgeTracker(rooms: UpkeepRooms, options: PurgeTrackerOptions): Promise<PurgeReport> {
  const { target, dryRun = false, now, probe } = options;
  const prepared = await prepareAll(rooms, target);
  const statements: Statement[] = [];
  for (const [id, { plan }] of prepared) {
    const runIds = plan.runs.map(({ run_id }) => run_id);
    await rooms.trackers.borrow(id, async ({ context: { store } }) => {
      const owners = await ownersOf(store, runIds);
      const [owned] = [...owners].find(([, { own }]) => own) ?? [];
      if (owned !== undefined) throw ownedError(owned, owners.get(owned)?.run ?? "");
      await refuseUnended(rooms, [...owners.values()]);
      statements.push(...(await forgetMakers(rooms, store, prepared.get(id))));
    });
  }
  const left = await removeRows(rooms, {
    fromTracker: async ({ context }, id) => {
      const roots = prepared.get(id)?.roots;
      if (roots) await purge(context, roots);
    },
    fromJournal: statements,
    dryRun,
  });
  for (const [id, { plan }] of dryRun ? [] : prepared) {
    const runIds = plan.runs.map(({ run_id }) => run_id);
    await rooms.trackers.borrow(id, async ({ context }) => context.index.forget(runIds));
  }
  probe?.("purge:rows");
  const { files, bytes } = await sweepArtifacts(rooms, { ...left, graceMs: 0, lostOnly: true, now, dryRun });
  return { ...together([...prepared.values()]), files, bytes, young: 0 };
}

/** By tracker that knows the target, what would go from it. */
async function prepareAll(rooms: UpkeepRooms, target: PurgeTarget): Promise<Map<string, PreparedPurge>> {
  const prepared = new Map<string, PreparedPurge>();
  const found = new Set<string>();
  let unknown: unknown;
  for (const id of ["", ...(await ownTrackers(rooms))]) {
    await rooms.trackers.borrow(id, async (tracking) => {
      const here = await knownTo(tracking, target);
      if (here === undefined) return;
      if (here.kind === "runs") for (const runId of here.runIds) found.add(runId);
      const hold = (runIds: readonly string[]) => reasonsToStay(tracking.context.store, runIds);
      await preparePurge(tracking, here, hold).then(
        (one) => prepared.set(id, one),
        (error: unknown) => {
          if (errorCode(error) !== "SCANFLOW_TRACKING_MISSING") throw error;
          unknown ??= error;
        },
      );
    });
  }
  if (target.kind === "runs") {
    for (const runId of target.runIds) {
      if (!found.has(runId)) await rooms.trackers.borrow("", (tracking) => tracking.getRun(runId));
    }
  } else if (prepared.size === 0 && unknown !== undefined) throw unknown;
  return prepared;
}

/** Of runs, those that this tracker has; undefined: none. */
async function knownTo(
  { context }: Pick<Tracking, "context">,
  target: PurgeTarget,
): Promise<PurgeTarget | undefined> {
  if (target.kind !== "runs") return target;
  const rows = await context.store.read<{ run_id: string }>(
    "SELECT run_id FROM tracking_runs WHERE run_id IN (SELECT value FROM json_each(?))",
    [JSON.stringify(target.runIds)],
  );
  return rows.length === 0 ? undefined : { kind: "runs", runIds: rows.map(({ run_id }) => run_id) };
}

/** Of what was deleted, runs that the application made stay. */
async function reasonsToStay(
  store: Pick<SqlStore, "read">,
  runIds: readonly string[],
): Promise<Map<string, string>> {
  const owners = await ownersOf(store, runIds);
  return new Map(
    [...owners].flatMap(([runId, { own, run }]) => (own ? [[runId, ownedWhy(run)] as const] : [])),
  );
}

function ownedWhy(run: string): string {
  return `the application's run ${run} made it; "scanflow gc --run ${run}" drops both`;
}

function ownedError(runId: string, run: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_PURGE_OWNED",
    `Run ${runId} of the tracker was made by run ${run} of the application, whose records refer to it, so nothing was removed. Drop both with "scanflow gc --run ${run}", or all of a workflow with "scanflow wipe WORKFLOW".`,
  );
}

/** What a run that goes on has made would come again with what it writes next. */
async function refuseUnended(rooms: UpkeepRooms, owners: readonly TrackerRunOwner[]): Promise<void> {
  const runs = new Set(owners.map(({ run }) => run));
  const active = new Set(rooms.engine.activeRuns);
  for (const { run, status } of await rooms.engine.journal.runs()) {
    if (!runs.has(run) || (hasEnded(status) && !active.has(run))) continue;
    throw new ScanflowError(
      "SCANFLOW_RUN_ACTIVE",
      `Run ${run} of the application has not ended, and what it made would come again. Cancel it ("scanflow cancel ${run}") or wait until it has ended.`,
    );
  }
}

/** Takes out of the cache what the attempts left that made the versions which go. */
async function forgetMakers(
  rooms: UpkeepRooms,
  store: Pick<SqlStore, "read">,
  prepared: PreparedPurge | undefined,
): Promise<Statement[]> {
  const { models = [], versions = [] } = prepared?.plan ?? {};
  const rows = await store.read<{ run_id: string }>(
    `SELECT DISTINCT run_id FROM tracking_versions WHERE run_id IS NOT NULL
      AND (model IN (SELECT value FROM json_each(?1)) OR EXISTS (SELECT 1 FROM json_each(?2) place
        WHERE place.value ->> 0 = model AND place.value ->> 1 = version))`,
    [JSON.stringify(models), JSON.stringify(versions.map(({ model, version }) => [model, version]))],
  );
  const owners = [
    ...(await ownersOf(
      store,
      rows.map(({ run_id }) => run_id),
    )),
  ].map(([, owner]) => owner);
  await refuseUnended(rooms, owners);
  const makers = owners.flatMap(({ run, task, attempt }) => (task === null ? [] : [[run, task, attempt]]));
  return [{ sql: "DELETE FROM cache WHERE run = ? AND task = ? AND attempt = ?", rows: makers }];
}

function together(all: readonly PreparedPurge[]): Omit<PurgeReport, "files" | "bytes" | "young"> {
  const each = <K extends keyof PreparedPurge["names"]>(key: K): string[] =>
    [...new Set(all.flatMap(({ names }) => names[key]))].sort();
  return {
    experiments: each("experiments"),
    runIds: each("runIds"),
    models: each("models"),
    versions: [...new Set(all.flatMap(({ names }) => names.versions))],
    loggedModels: each("loggedModels"),
    holders: each("holders"),
    kept: all.flatMap(({ kept }): readonly Kept[] => kept),
  };
}
