import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { trackingMigrations } from "@scanflow/tracking";
import { openStore, type SqlStore } from "@scanflow/tracking/store";
import type { StateFolder } from "../engine/index.ts";
import type { Databases } from "./upkeep-rooms.ts";

const suffix = ".db";

/** Ids of the trackers that workflows have of their own, as their files are called; those in use as their run calls them. */
export async function ownTrackers({ folder, engine }: Databases): Promise<string[]> {
  if (!existsSync(folder.trackers)) return [];
  const used = new Map<string, string>();
  for (const run of engine.activeRuns) {
    for (const { id } of engine.active(run)?.plan.trackers ?? []) used.set(trackerFileName(id), id);
  }
  const names = (await readdir(folder.trackers)).filter((name) => name.endsWith(suffix)).sort();
  return names.map((name) => name.slice(0, -suffix.length)).map((name) => used.get(name) ?? name);
}

function trackerFileName(id: string): string {
  return id.replaceAll("/", ".");
}

/** Removes the database of a tracker that nobody has open. */
export async function removeTracker({ trackers }: StateFolder, id: string): Promise<void> {
  const file = join(trackers, `${trackerFileName(id)}${suffix}`);
  for (const path of [file, `${file}-wal`, `${file}-shm`]) await rm(path, { force: true });
}

/** Whether a run in hand logs to it. */
export function isInUse({ engine }: Databases, id: string): boolean {
  return engine.activeRuns.some((run) =>
    engine.active(run)?.plan.trackers.some((tracker) => tracker.id === id),
  );
}

/** Whether a tracker holds nothing but its default experiment. */
export async function isEmpty(store: SqlStore): Promise<boolean> {
  const found = await store.read(
    `SELECT 1 AS found FROM tracking_runs UNION SELECT 1 FROM tracking_models
     UNION SELECT 1 FROM tracking_experiments WHERE id <> 0`,
  );
  return found.length === 0;
}

export async function compactTracker({ trackers }: StateFolder, id: string): Promise<void> {
  const location = join(trackers, `${trackerFileName(id)}${suffix}`);
  const store = await openStore<unknown>({ location, migrations: trackingMigrations, readers: 0 });
  try {
    await store.compact();
  } finally {
    await store.close();
  }
}
