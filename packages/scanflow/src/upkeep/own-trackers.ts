import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { trackingMigrations } from "@scanflow/tracking";
import { openStore, type SqlStore } from "@scanflow/tracking/store";
import type { StateFolder } from "../engine/index.ts";
import type { Databases } from "./upkeep-rooms.ts";

const suffix = ".db";
/** Of the files that say that a tracker runs elsewhere. */
const remoteSuffix = ".remote";

/**
 * Ids of the trackers that workflows have of their own, as their files are called; those in use as their run calls them.
 * Errors: SCANFLOW_TRACKER_REMOTE when one runs elsewhere.
 */
export async function ownTrackers({ folder, engine }: Databases): Promise<string[]> {
  if (!existsSync(folder.trackers)) return [];
  const used = new Map<string, string>();
  for (const run of engine.activeRuns) {
    for (const { id } of engine.active(run)?.plan.trackers ?? []) used.set(trackerFileName(id), id);
  }
  const files = await readdir(folder.trackers);
  const [remote] = files.filter((name) => name.endsWith(remoteSuffix));
  if (remote !== undefined) throw await remoteError(join(folder.trackers, remote));
  const names = files.filter((name) => name.endsWith(suffix)).sort();
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

/** What such a tracker refers to in the artifact store is not known here, so nothing may be swept. */
async function remoteError(file: string): Promise<ScanflowError> {
  const url = (await readFile(file, "utf8")).trim();
  return new ScanflowError(
    "SCANFLOW_TRACKER_REMOTE",
    `A tracker of this application runs at ${url} and may refer to any file here, so nothing can be removed from here. When that tracker is gone for good, delete ${file} and try again.`,
  );
}
