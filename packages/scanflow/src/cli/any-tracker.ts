import type { Tracking } from "@scanflow/tracking";
import type { Store } from "@scanflow/tracking/store";
import type { Client } from "../api/index.ts";
import type { Call } from "./command.ts";
import { withClient } from "./session.ts";
import { type TrackerPlace, wholePlace } from "./tracker-options.ts";
import { hasApplication } from "./tracker-upkeep.ts";

/** What a command does, on either kind of tracker. */
export interface OnTracker<T> {
  /** On one that `track` keeps, while no server runs. */
  readonly alone: (tracking: Tracking, store: Pick<Store<unknown>, "analyze">) => Promise<T>;
  /** On an application's own, through its owner. */
  readonly owned: (client: Client) => Promise<T>;
  /** A tracker that is not there is not made. */
  readonly reads?: boolean;
}

/**
 * Works on the tracker that `--store` or `--artifacts` name; without them on the own one of the application that this
 * folder belongs to, and outside of one on that in the folder `tracker`.
 */
export async function onTracker<T>(
  call: Call,
  place: TrackerPlace,
  { alone, owned, reads = false }: OnTracker<T>,
): Promise<T> {
  const isNamed = place.store !== undefined || place.artifacts !== undefined;
  if (!isNamed && hasApplication(call)) {
    call.output.note("The tracker is the application's own.");
    return withClient(call, owned);
  }
  const { withTracking } = await import("@scanflow/tracking/server");
  return withTracking({ ...wholePlace(place), folder: call.directory, reads }, alone);
}
