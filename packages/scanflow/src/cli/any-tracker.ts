import type { Tracking } from "@scanflow/tracking";
import type { Store } from "@scanflow/tracking/store";
import type { TrackerServer } from "@scanflow/tracking/transfer";
import type { Client } from "../api/index.ts";
import { codedError } from "./coded-error.ts";
import type { Call } from "./command.ts";
import { withTransfer } from "./session.ts";
import { trackerCredentials } from "./tracker-credentials.ts";
import { wholePlace } from "./tracker-options.ts";
import { byDatabase, hasApplication, type UpkeepPlace } from "./tracker-upkeep.ts";

/** Opens the tracker, and makes it where there is none. */
type Open = <T>(
  work: (tracking: Tracking, store: Pick<Store<unknown>, "analyze">) => Promise<T>,
) => Promise<T>;

/** What a command does, on either kind of tracker. */
export interface OnTracker<T> {
  /** On one that `track` keeps, while no server works alone on it. */
  readonly alone: (open: Open) => Promise<T>;
  /** On an application's own, through its owner. */
  readonly owned: (client: Client) => Promise<T>;
  /** On one whose server runs; a command that only reads, which needs a tracker that is there. */
  readonly served?: (server: TrackerServer) => Promise<T>;
}

/**
 * Works on the tracker that `--tracker`, or `--store` or `--artifacts` name; without them on the own one of the
 * application that this folder belongs to, and outside of one on that in the folder `tracker`.
 */
export async function onTracker<T>(
  call: Call,
  named: UpkeepPlace,
  { alone, owned, served }: OnTracker<T>,
): Promise<T> {
  const place = byDatabase(named);
  if (place.tracker !== undefined && served) {
    return served({ url: place.tracker, credentials: trackerCredentials(process.env) });
  }
  const isNamed = place.store !== undefined || place.artifacts !== undefined;
  if (!isNamed && hasApplication(call)) {
    call.output.note("The tracker is the application's own.");
    return withTransfer(call, owned);
  }
  const { runningTracker, withTracking } = await import("@scanflow/tracking/server");
  const at = { ...wholePlace(place), folder: call.directory, reads: served !== undefined };
  const running = runningTracker(at);
  if (!running) return alone((work) => withTracking(at, work));
  if (served) return served({ url: running.url, credentials: { token: running.token } });
  throw codedError(
    "SCANFLOW_STORE_IN_USE",
    `The tracker at ${running.url} works on ${at.store}, and nothing is imported beside it. End it, import, and start it again. Or go the other way: "scanflow import ${running.url}" takes what it has into another tracker while it runs.`,
  );
}
