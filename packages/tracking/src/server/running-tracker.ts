import { existsSync } from "node:fs";
import type { TrackingServerOptions } from "./open-server.ts";
import type { RemoteTracker } from "./remote-upkeep.ts";
import { readServerRecord, recordFile } from "./server-record.ts";
import { lockStore } from "./store-lock.ts";
import { parseStore, type StorePlace } from "./store-place.ts";

type TrackerPlace = Pick<TrackingServerOptions, "store" | "folder">;

/**
 * The server that works alone on a tracker's SQLite file at this moment, with the token of its record; undefined where
 * none does or there is no file, and with PostgreSQL, where others may read and write beside it.
 * Errors: SCANFLOW_LOCATION_INVALID, SCANFLOW_STORE_OPEN; SCANFLOW_STORE_IN_USE where the server has no record.
 */
export function runningTracker({ store, folder = "." }: TrackerPlace): RemoteTracker | undefined {
  const place = parseStore(store, folder);
  return existsSync(place.location) ? serverOf(place) : undefined;
}

/** The server that works on a database file at this moment; a lock without a record is told by who needs the lock. */
export function serverOf({ location, isFile }: StorePlace): RemoteTracker | undefined {
  if (!isFile) return undefined;
  try {
    lockStore({ location, isFile, shown: location }).release();
    return undefined;
  } catch (error) {
    const record = readServerRecord(recordFile(location));
    if ((error as { code?: unknown }).code !== "SCANFLOW_STORE_IN_USE" || !record) throw error;
    return record;
  }
}
