import { existsSync } from "node:fs";
import { isUrl } from "../artifacts/is-url.ts";
import type { TrackerGarbage, TrackerGarbageOptions } from "../purge/collect-tracker-garbage.ts";
import type { PurgeReport } from "../purge/purge-by-name.ts";
import type { PurgeTarget } from "../purge/purge-target.ts";
import { locationMissing, requireDatabase } from "./location-missing.ts";
import { artifactsPlace } from "./open-rooms.ts";
import type { TrackingServerOptions } from "./open-server.ts";
import { remoteUpkeep } from "./remote-upkeep.ts";
import { serverOf } from "./running-tracker.ts";
import { parseStore } from "./store-place.ts";
import { withTracking } from "./with-tracking.ts";

/** What removes from a tracker that stands for itself. */
export interface TrackerUpkeep {
  /** Where the tracker is, as it may be shown. */
  readonly place: string;
  /** Errors: SCANFLOW_TRACKING_MISSING, and those of the stores. */
  purge(target: PurgeTarget, dryRun: boolean): Promise<PurgeReport>;
  /** Errors: SCANFLOW_GC_STRANGE, and those of the stores. */
  collect(options: Omit<TrackerGarbageOptions, "probe">): Promise<TrackerGarbage>;
}

/**
 * Removes from a tracker whether its server runs or not: on an SQLite file one server works alone, so it is asked. Both
 * the database and (unless they are in S3) the artifacts must be there already. `store`, `artifacts` and `folder` are
 * as in `openTrackingServer`, and so are the errors, with SCANFLOW_LOCATION_MISSING.
 */
export async function withUpkeep<T>(
  { store, artifacts, folder = "." }: Pick<TrackingServerOptions, "store" | "artifacts" | "folder">,
  work: (upkeep: TrackerUpkeep) => Promise<T>,
): Promise<T> {
  const place = parseStore(store, folder);
  requireDatabase(place);
  const running = serverOf(place);
  if (running) return work(remoteUpkeep(running));
  const at = artifactsPlace(artifacts, folder);
  if (!isUrl(at) && !existsSync(at)) throw locationMissing("folder", at, "--artifacts");
  const [{ collectTrackerGarbage, safeGraceMs }, { purgeByName }] = await Promise.all([
    import("../purge/collect-tracker-garbage.ts"),
    import("../purge/purge-by-name.ts"),
  ]);
  return withTracking({ store, artifacts, folder }, (tracking, { compact }) =>
    work({
      place: place.shown,
      purge: (target, dryRun) => purgeByName(tracking, target, { dryRun }),
      collect: async (options) => {
        const graceMs = safeGraceMs(tracking, options.graceMs);
        const garbage = await collectTrackerGarbage(tracking, { ...options, graceMs });
        // Nobody else works on the file: rows that are gone may leave it.
        if (place.isFile && !options.dryRun) await compact();
        return garbage;
      },
    }),
  );
}
