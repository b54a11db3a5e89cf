import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { PurgeReport, PurgeTarget } from "@scanflow/tracking";
import type { TrackerUpkeep } from "@scanflow/tracking/server";
import { z } from "zod";
import { findRoot } from "../config/index.ts";
import type { Call } from "./command.ts";
import { errorCode } from "./error-code.ts";
import { withClient } from "./session.ts";
import {
  DEFAULT_STORE,
  isServerUrl,
  type TrackerPlace,
  trackerOptions,
  wholePlace,
} from "./tracker-options.ts";
import { codedUsageError } from "./usage-error.ts";

/** Which tracker a command removes from. */
export const upkeepOptions = {
  tracker: z.url("must be a URL such as http://127.0.0.1:5000, or a database as for track").optional(),
  ...trackerOptions,
};

export interface UpkeepPlace extends TrackerPlace {
  readonly tracker?: string | undefined;
}

/** Whether a command that knows nothing else is about a tracker that stands for itself, not about an application. */
export function isStandalone(call: Call, { tracker, store, artifacts }: UpkeepPlace): boolean {
  if (tracker !== undefined || store !== undefined || artifacts !== undefined) return true;
  return !hasApplication(call) && existsSync(join(call.directory, DEFAULT_STORE.slice("sqlite:///".length)));
}

/** Whether a folder belongs to an application. */
export function hasApplication({ directory }: Call): boolean {
  try {
    findRoot(directory);
    return true;
  } catch (error) {
    if (errorCode(error) === "SCANFLOW_CONFIG_MISSING") return false;
    throw error;
  }
}

/** Works on a tracker that stands for itself: through the server at a URL, or where its things lie. */
export async function withStandalone<T>(
  { directory }: Pick<Call, "directory">,
  place: UpkeepPlace,
  work: (upkeep: TrackerUpkeep) => Promise<T>,
): Promise<T> {
  const { remoteUpkeep, withUpkeep } = await import("@scanflow/tracking/server");
  const { tracker, store, artifacts } = byDatabase(place);
  if (tracker !== undefined) {
    return work(remoteUpkeep({ url: tracker, token: process.env.MLFLOW_TRACKING_TOKEN || undefined }));
  }
  if ((store === undefined) !== (artifacts === undefined) && (store ?? DEFAULT_STORE) !== DEFAULT_STORE) {
    throw codedUsageError(
      "The database was given without --artifacts: files of another tracker could go. Give both, as they were given to track.",
    );
  }
  const whole = wholePlace({ store, artifacts });
  refuseApplication(resolve(directory, whole.artifacts));
  return withUpkeep({ ...whole, folder: directory }, work);
}

/** A tracker may be named by its database, as for `lineage`. Errors: SCANFLOW_USAGE for one that is named twice. */
export function byDatabase(place: UpkeepPlace): UpkeepPlace {
  const { tracker, store, artifacts } = place;
  if (tracker === undefined) return place;
  if (!isServerUrl(tracker) && store === undefined) return { store: tracker, artifacts };
  if (store === undefined && artifacts === undefined) return place;
  throw codedUsageError("--tracker asks a server, which knows its --store and --artifacts. Leave those out.");
}

/** Most of what lies there is referred to by runs, caches and data, of which the database of a tracker says nothing. */
function refuseApplication(artifacts: string): void {
  if (!existsSync(join(dirname(artifacts), "scanflow.db"))) return;
  throw codedUsageError(
    `The files in ${artifacts} are those of an application, which holds more than its trackers refer to; nothing was removed. Leave out --store and --artifacts, and run this in the application's folder.`,
  );
}

/** What removes from a tracker: one that stands for itself, or the application's through its owner. */
export interface Purger {
  readonly place: string;
  readonly purge: (dryRun: boolean) => Promise<PurgeReport>;
}

export function withPurger<T>(
  call: Call,
  place: UpkeepPlace,
  { target, work }: { readonly target: PurgeTarget; readonly work: (purger: Purger) => Promise<T> },
): Promise<T> {
  if (!isStandalone(call, place) && hasApplication(call)) {
    return withClient(call, ({ upkeep }) => {
      const asked = target as Parameters<typeof upkeep.purge>[0]["target"];
      return work({
        place: "the application's tracker",
        purge: (dryRun) => upkeep.purge({ target: asked, dryRun }),
      });
    });
  }
  return withStandalone(call, place, ({ place: shown, purge }) =>
    work({ place: shown, purge: (dryRun) => purge(target, dryRun) }),
  );
}
