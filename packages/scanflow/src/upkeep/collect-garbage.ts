import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { giveUpAbandoned, type Tracking } from "@scanflow/tracking";
import { chooseRuns, type RunChoice } from "./choose-runs.ts";
import { journalRemoval } from "./journal-removal.ts";
import { ownTrackers } from "./own-trackers.ts";
import { type Leftovers, removeLeftovers } from "./remove-leftovers.ts";
import { removeRows } from "./remove-rows.ts";
import { type Removed, removeFolders } from "./run-folders.ts";
import { type SweptArtifacts, sweepArtifacts } from "./sweep-artifacts.ts";
import { runsWithModels, trackerRunsOf } from "./tracker-removal.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";

export interface GarbageOptions extends RunChoice {
  /** What nothing refers to goes when it is older than this. Default one hour; zero only while no run is active. */
  readonly graceMs?: number | undefined;
  /** Whether Python environments go too; they are built again when they are needed. */
  readonly environments?: boolean | undefined;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean | undefined;
  readonly now: number;
}

/** What was removed, or would be. */
export interface Garbage extends Leftovers {
  readonly runs: readonly string[];
  /** Runs that stay, though they were chosen, since a model that they registered is still there. */
  readonly keptForModels: readonly string[];
  readonly artifacts: SweptArtifacts;
  readonly environments: Removed;
}

const hour = 60 * 60 * 1000;

/**
 * Drops the runs that a person chose to drop, then removes what nothing refers to: artifacts, and folders of runs
 * that are gone. Errors: SCANFLOW_RUN_ACTIVE, SCANFLOW_GC_ACTIVE, and those of the stores.
 */
export async function collectGarbage(rooms: UpkeepRooms, options: GarbageOptions): Promise<Garbage> {
  const { graceMs = hour, environments = false, dryRun = false, now } = options;
  const { engine, store, folder } = rooms;
  refuseHaste(engine.activeRuns, { graceMs, environments });
  const rows = await engine.journal.runs();
  const active = new Set(engine.activeRuns);
  const { runs, keptForModels } = chooseRuns(options, {
    rows,
    active,
    now,
    withModels: await allWithModels(rooms),
  });
  const fromJournal = runs.length > 0 ? await journalRemoval(store, runs) : [];
  const fromTracker = async (tracking: Tracking) => {
    await tracking.context.store.write([giveUpAbandoned(now)]);
    await purge(tracking, runs);
  };
  const left = await removeRows(rooms, { fromTracker, fromJournal, dryRun });
  const artifacts = await sweepArtifacts(rooms, { ...left, graceMs, lostOnly: false, now, dryRun });
  const going = new Set(runs);
  // Rows that are gone still take room in the file; to free it stops all writes for a while.
  if (!dryRun && runs.length > 0 && engine.activeRuns.length === 0) await store.compact();
  const statuses = new Map(rows.flatMap(({ run, status }) => (going.has(run) ? [] : [[run, status]])));
  return {
    runs,
    keptForModels,
    artifacts,
    ...(await removeLeftovers(folder, { statuses, active: new Set(engine.activeRuns), dryRun })),
    environments: await removeFolders(join(folder.path, "cache", "environments"), {
      names: () => environments,
      dryRun,
    }),
  };
}

function refuseHaste(
  [active]: readonly string[],
  { graceMs, environments }: { graceMs: number; environments: boolean },
): void {
  if (active === undefined || (graceMs > 0 && !environments)) return;
  const what = environments ? "its environments may be in use" : "what it made may not be recorded yet";
  throw new ScanflowError(
    "SCANFLOW_GC_ACTIVE",
    `Run ${active} is active, and ${what}. Wait until it has ended, or leave out ${environments ? "--environments" : "--grace 0"}.`,
  );
}

async function purge(tracking: Tracking, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  await tracking.purgeRuns(await trackerRunsOf(tracking.context.store, runs));
}

async function allWithModels(rooms: UpkeepRooms): Promise<Set<string>> {
  const all = new Set<string>();
  for (const id of ["", ...(await ownTrackers(rooms))]) {
    const found = await rooms.trackers.borrow(id, ({ context }) => runsWithModels(context.store));
    for (const run of found) all.add(run);
  }
  return all;
}
