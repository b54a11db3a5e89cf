import { hash } from "node:crypto";
import type { Plan } from "@scanflow/core";
import type { LedgerTracking } from "@scanflow/tracking";
import type { SqlStore } from "@scanflow/tracking/store";

/** Where the tasks of one tracker log to while a run is active. */
export interface OpenTracker {
  readonly tracking: LedgerTracking;
  /** Where its rows lie; null: behind a URL. */
  readonly store: SqlStore | null;
  /** What commands get as `MLFLOW_TRACKING_URI`. */
  readonly uri: string;
  /** With which the gateway asks a tracker behind a URL that has users; no command is given it. */
  readonly token?: string | undefined;
}

/** Opens the trackers of a plan: the embedded one, and those that workflows have of their own. */
export interface TrackerDirectory {
  /** By the plan's tracker ids. Errors: SCANFLOW_TRACKER_PORT when a port is taken. */
  open(plan: Plan): Promise<ReadonlyMap<string, OpenTracker>>;
  /** Lends one tracker, without a port, for as long as the work takes. */
  lend<T>(tracker: string, work: (tracking: LedgerTracking) => Promise<T>): Promise<T>;
  /** The run has ended or stopped: its own trackers may close their ports. */
  close(plan: Plan): Promise<void>;
}

/**
 * The tracker run of an attempt: 32 hex digits from run, task and attempt, so that a second delivery of the same event
 * finds the same row. Attempt 0 is a cache hit; the task "" with attempt 0 is the workflow, a group id a nested one.
 */
export function trackerRunId(run: string, task: string, attempt: number): string {
  return hash("sha256", `${run}\n${task}\n${attempt}`).slice(0, 32);
}

/** Tracker run of a nested workflow (or, for "", of the whole). */
export function groupRunId(run: string, group: string): string {
  return trackerRunId(run, `workflow:${group}`, 0);
}

/** One experiment per workflow, named like it; with its application's name in front where they differ. */
export function experimentName(application: string, workflow: string): string {
  return application === workflow ? workflow : `${application}/${workflow}`;
}
