import { join } from "node:path";
import { nearest, ScanflowError } from "@scanflow/core";
import { StoreRefusal } from "@scanflow/tracking/store";
import type { StateFolder } from "../engine/index.ts";
import { compactTracker, isEmpty, isInUse, ownTrackers, removeTracker } from "./own-trackers.ts";
import { removeRows } from "./remove-rows.ts";
import { type Removed, removeFolders, together } from "./run-folders.ts";
import { type SweptArtifacts, sweepArtifacts } from "./sweep-artifacts.ts";
import type { UpkeepRooms } from "./upkeep-rooms.ts";
import { applicationScope, began, type WipeScope, workflowScope } from "./wipe-scope.ts";
import { countTraces, type Traces } from "./wipe-traces.ts";

export interface WipeOptions {
  /** null: the whole application. */
  readonly workflow: string | null;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean | undefined;
  readonly now: number;
  /** Called between the steps, for tests that end the process there. */
  readonly probe?: (point: string) => void;
}

/** What was removed, or would be. */
export interface Wiped extends Traces {
  readonly workflow: string | null;
  readonly artifacts: SweptArtifacts;
  /** Logs, checkpoints and working folders. */
  readonly folders: Removed;
}

/**
 * Removes every trace of a workflow, or of the application: its runs with their events, cache and logs, what the
 * trackers hold of it, and the artifacts that nobody else refers to. Rows go first, in one unit; then files. A crash
 * in between leaves files that nobody refers to, which `collectGarbage` takes.
 * Errors: SCANFLOW_WORKFLOW_UNKNOWN, SCANFLOW_RUN_ACTIVE, and those of the stores.
 */
export async function wipe(rooms: UpkeepRooms, options: WipeOptions): Promise<Wiped> {
  const { workflow, dryRun = false, now, probe } = options;
  const scope = await scopeOf(rooms, workflow);
  const traces = await countTraces(rooms, scope);
  const left = await removeRows(rooms, { ...scope, dryRun }).catch((error: unknown) => {
    if (!(error instanceof StoreRefusal) || error.tag !== began) throw error;
    throw activeError(String(error.rows[0]?.run), workflow);
  });
  probe?.("wipe:rows");
  const folders = await removeRunFolders(rooms.folder, scope, dryRun);
  if (!dryRun) await clearTrackers(rooms, scope);
  const idle = rooms.engine.activeRuns.length === 0;
  // With nobody at work, what attempts left unrecorded goes too; else the next collection takes it.
  const artifacts = await sweepArtifacts(rooms, {
    ...left,
    graceMs: 0,
    lostOnly: !idle,
    now,
    dryRun,
  });
  probe?.("wipe:files");
  if (!dryRun) await rooms.store.compact();
  return { workflow, ...traces, artifacts, folders };
}

async function scopeOf(rooms: UpkeepRooms, workflow: string | null): Promise<WipeScope> {
  const { engine, store } = rooms;
  for (const run of engine.activeRuns) {
    if (workflow === null || engine.active(run)?.plan.workflow === workflow) throw activeError(run, workflow);
  }
  if (workflow === null) return applicationScope(rooms);
  const known = await store.read<{ application: string; workflow: string }>(
    "SELECT application, workflow FROM runs UNION SELECT application, workflow FROM task_keys",
  );
  const applications = known.filter((row) => row.workflow === workflow).map(({ application }) => application);
  if (applications.length > 0) return workflowScope(rooms, workflow, applications);
  const close = nearest(
    workflow,
    known.map((row) => row.workflow),
  );
  throw new ScanflowError(
    "SCANFLOW_WORKFLOW_UNKNOWN",
    `Nothing is kept of a workflow "${workflow}" in this folder${close === undefined ? "" : ` (did you mean "${close}"?)`}. "scanflow ls" shows the runs that there are.`,
  );
}

function activeError(run: string, workflow: string | null): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_RUN_ACTIVE",
    `Run ${run} is active, so ${workflow === null ? "the application" : `workflow "${workflow}"`} cannot be wiped. Cancel it ("scanflow cancel ${run}") or wait until it has ended.`,
  );
}

async function removeRunFolders({ path }: StateFolder, scope: WipeScope, dryRun: boolean): Promise<Removed> {
  const names = (run: string) => scope.runs === null || scope.runs.has(run);
  const removed: Removed[] = [];
  for (const name of ["logs", "checkpoints", "work"]) {
    removed.push(await removeFolders(join(path, name), { names, dryRun }));
  }
  if (scope.runs === null) {
    const ofApplication = (name: string) => name === "cache" || name.startsWith("streams.db");
    removed.push(await removeFolders(path, { names: ofApplication, dryRun }));
  }
  return together(...removed);
}

/** A tracker in which nothing is left goes; out of the others, what was removed leaves the file as well. */
async function clearTrackers(rooms: UpkeepRooms, { trackers }: WipeScope): Promise<void> {
  for (const id of await ownTrackers(rooms)) {
    if (!trackers.has(id)) continue;
    const empty = await rooms.trackers.borrow(id, ({ context }) => isEmpty(context.store));
    if (empty && !isInUse(rooms, id)) await removeTracker(rooms.folder, id);
    else await compactTracker(rooms.folder, id);
  }
}
