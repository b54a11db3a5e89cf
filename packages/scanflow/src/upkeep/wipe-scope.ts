import type { Tracking } from "@scanflow/tracking";
import type { SqlStore, Statement } from "@scanflow/tracking/store";
import { catalogTables } from "../catalog/index.ts";
import { experimentName } from "../engine/index.ts";
import { journalRemoval } from "./journal-removal.ts";
import { ownTrackers } from "./own-trackers.ts";
import type { Removal } from "./remove-rows.ts";
import { trackerRunsOf } from "./tracker-removal.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";

/** What is to be wiped. */
export interface WipeScope extends Omit<Removal, "dryRun"> {
  /** null: all. */
  readonly runs: ReadonlySet<string> | null;
  /** Names of the experiments; null: all. */
  readonly experiments: readonly string[] | null;
  /** Ids of the trackers of its own that hold something of it. */
  readonly trackers: ReadonlySet<string>;
}

/** Tag of the guard against a run that began meanwhile. */
export const began = "run-began";

export async function applicationScope(rooms: UpkeepRooms): Promise<WipeScope> {
  const runs = (await rooms.engine.journal.runs()).map(({ run }) => run);
  const tables = ["events", "runs", "attempts", "cache", "task_keys", "offsets", "plans", ...catalogTables];
  return {
    runs: null,
    experiments: null,
    trackers: new Set(await ownTrackers(rooms)),
    fromTracker: (tracking) => tracking.purgeEverything(),
    fromJournal: [
      guard("SELECT run FROM runs WHERE run NOT IN (SELECT value FROM json_each(?))", [JSON.stringify(runs)]),
      ...tables.map((table) => ({ sql: `DELETE FROM ${table}` })),
    ],
  };
}

export async function workflowScope(
  rooms: UpkeepRooms,
  workflow: string,
  applications: readonly string[],
): Promise<WipeScope> {
  const rows = (await rooms.engine.journal.runs()).filter((row) => row.workflow === workflow);
  const runs = rows.map(({ run }) => run);
  const experiments = applications.map((application) => experimentName(application, workflow));
  const trackers = new Set<string>();
  for (const id of await ownTrackers(rooms)) {
    const found = await rooms.trackers.borrow(id, ({ context }) => experimentIds(context.store, experiments));
    if (found.length > 0) trackers.add(id);
  }
  return {
    runs: new Set(runs),
    experiments,
    trackers,
    fromTracker: (tracking) => purge(tracking, runs, experiments),
    fromJournal: [
      guard("SELECT run FROM runs WHERE workflow = ? AND run NOT IN (SELECT value FROM json_each(?))", [
        workflow,
        JSON.stringify(runs),
      ]),
      ...(await journalRemoval(rooms.store, runs)),
      { sql: "DELETE FROM task_keys WHERE workflow = ?", params: [workflow] },
    ],
  };
}

async function purge(
  tracking: Tracking,
  runs: readonly string[],
  experiments: readonly string[],
): Promise<void> {
  const { store } = tracking.context;
  await tracking.purgeRuns(await trackerRunsOf(store, runs));
  for (const id of await experimentIds(store, experiments)) await tracking.purgeExperiment(id);
}

export async function experimentIds(store: SqlStore, names: readonly string[] | null): Promise<string[]> {
  const rows = await store.read<{ id: number }>(
    "SELECT id FROM tracking_experiments WHERE ? IS NULL OR name IN (SELECT value FROM json_each(?))",
    names ? [1, JSON.stringify(names)] : [null, "[]"],
  );
  return rows.map(({ id }) => String(id));
}

function guard(sql: string, params: readonly string[]): Statement {
  return { sql, params, refuse: began };
}
