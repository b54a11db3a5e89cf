import { openStore, type Store } from "../store/index.ts";
import type { Tracking } from "../tracking.ts";
import { requireDatabase } from "./location-missing.ts";
import { artifactsPlace } from "./open-rooms.ts";
import type { TrackingServerOptions } from "./open-server.ts";
import { lockStore } from "./store-lock.ts";
import { parseStore } from "./store-place.ts";

export interface WithTracking extends Pick<TrackingServerOptions, "store" | "artifacts" | "folder"> {
  /** Nothing is to be written: a database file that is not there is not made, but SCANFLOW_LOCATION_MISSING. */
  readonly reads?: boolean;
}

/**
 * Works on what a tracking server keeps, while none runs. `store`, `artifacts` and `folder` are as in
 * `openTrackingServer`, and so are the errors.
 */
export async function withTracking<T>(
  { store: url, artifacts: at, folder = ".", reads = false }: WithTracking,
  work: (tracking: Tracking, store: Pick<Store<unknown>, "analyze" | "compact">) => Promise<T>,
): Promise<T> {
  // A server that starts does without these.
  const [{ trackingMigrations }, { openContentStore }, { openTracking }] = await Promise.all([
    import("../schema/tracking-tables.ts"),
    import("../artifacts/index.ts"),
    import("../tracking.ts"),
  ]);
  const place = parseStore(url, folder);
  if (reads) requireDatabase(place);
  const lock = lockStore(place);
  try {
    const store = await openStore<unknown>({ location: place.location, migrations: trackingMigrations });
    try {
      const artifacts = await openContentStore(artifactsPlace(at, folder));
      try {
        return await work(await openTracking({ store, artifacts }), {
          analyze: () => store.analyze(),
          compact: () => store.compact(),
        });
      } finally {
        await artifacts.close();
      }
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}
