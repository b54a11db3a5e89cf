import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { openTracking, type Tracking, trackingMigrations } from "@scanflow/tracking";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore, type Store } from "@scanflow/tracking/store";
import { catalogMigrations } from "../../catalog/index.ts";
import { engineMigrations, type StateFolder, stateFolder } from "../../engine/index.ts";
import { journalRemoval } from "../journal-removal.ts";
import { ownTrackers } from "../own-trackers.ts";
import { removeRows } from "../remove-rows.ts";
import { trackerRunsOf } from "../tracker-removal.ts";
import type { Databases, UpkeepRooms } from "../upkeep-rooms.ts";

export interface StateSnapshot {
  readonly folder: StateFolder;
  /** Ids of the trackers of their own that are in it. */
  readonly trackers: readonly string[];
  /** Every digest that its rows refer to. */
  readonly references: ReadonlySet<string>;
}

/**
 * Copies the databases as they are at one moment into `<root>/.scanflow`, and takes out of the copies whatever does
 * not belong to the runs that are wanted.
 */
export async function snapshotState(
  rooms: UpkeepRooms,
  { root, runs }: { readonly root: string; readonly runs: readonly string[] },
): Promise<StateSnapshot> {
  const folder = stateFolder(root);
  const ids = await ownTrackers(rooms);
  await copyDatabase(rooms.folder.database, folder.database);
  for (const id of ids) await copyDatabase(fileOf(rooms.folder, id), fileOf(folder, id));
  const copies = new Copies(folder, rooms.artifacts);
  try {
    const main = await copies.store("");
    const others = await main.read<{ run: string }>(
      "SELECT run FROM runs WHERE run NOT IN (SELECT value FROM json_each(?))",
      [JSON.stringify(runs)],
    );
    const { live } = await removeRows(copies, {
      fromTracker: (tracking) => keepOnly(tracking, runs),
      fromJournal: await journalRemoval(
        main,
        others.map(({ run }) => run),
      ),
      dryRun: false,
    });
    for (const id of ["", ...ids]) await (await copies.store(id)).compact();
    return { folder, trackers: ids, references: live };
  } finally {
    await copies.close();
  }
}

/** Removes all runs that do not belong to these, and experiments that are empty then. */
async function keepOnly(tracking: Tracking, runs: readonly string[]): Promise<void> {
  const { store } = tracking.context;
  const kept = JSON.stringify(await trackerRunsOf(store, runs));
  const others = await store.read<{ run_id: string }>(
    "SELECT run_id FROM tracking_runs WHERE run_id NOT IN (SELECT value FROM json_each(?))",
    [kept],
  );
  await tracking.purgeRuns(others.map(({ run_id }) => run_id));
  const empty = await store.read<{ id: number }>(
    `SELECT id FROM tracking_experiments WHERE id <> 0 AND id NOT IN
       (SELECT experiment FROM tracking_runs WHERE run_id IN (SELECT value FROM json_each(?)))`,
    [kept],
  );
  for (const { id } of empty) await tracking.purgeExperiment(String(id));
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to, { rate: 10_000 });
  } finally {
    source.close();
  }
}

function fileOf({ database, trackers }: StateFolder, id: string): string {
  return id === "" ? database : join(trackers, `${id.replaceAll("/", ".")}.db`);
}

/** The copies as databases to remove rows from; nobody else knows them. */
class Copies implements Databases {
  readonly folder: StateFolder;
  readonly engine = { activeRuns: [], active: () => undefined };
  readonly trackers = {
    borrow: async <T>(id: string, work: (tracking: Tracking) => Promise<T>): Promise<T> =>
      work(await openTracking({ store: await this.store(id), artifacts: this.#artifacts })),
  };
  readonly #artifacts: ArtifactStore;
  readonly #stores = new Map<string, Store<unknown>>();

  constructor(folder: StateFolder, artifacts: ArtifactStore) {
    this.folder = folder;
    this.#artifacts = artifacts;
  }

  async store(id: string): Promise<Store<unknown>> {
    const known = this.#stores.get(id);
    if (known) return known;
    const migrations =
      id === "" ? [...engineMigrations, ...catalogMigrations, ...trackingMigrations] : trackingMigrations;
    const store = await openStore<unknown>({ location: fileOf(this.folder, id), migrations, readers: 0 });
    this.#stores.set(id, store);
    return store;
  }

  async close(): Promise<void> {
    for (const store of this.#stores.values()) await store.close();
  }
}
