import { z } from "zod";

export const DEFAULT_STORE = "sqlite:///tracker/tracker.db";
export const DEFAULT_ARTIFACTS = "tracker/artifacts";

/** Where the tracker keeps things that a command works on, as `track` takes it. */
export const trackerOptions = {
  store: z.string().optional(),
  artifacts: z.string().min(1, "must name a folder").optional(),
};

export interface TrackerPlace {
  readonly store?: string | undefined;
  readonly artifacts?: string | undefined;
}

/** With what `track` takes where nothing is said. */
export function wholePlace({ store = DEFAULT_STORE, artifacts = DEFAULT_ARTIFACTS }: TrackerPlace) {
  return { store, artifacts };
}

/** Whether a tracker is named by the address of its server. Here too, so that no command loads the tracker for it. */
export function isServerUrl(tracker: string): boolean {
  return /^https?:/i.test(tracker);
}
