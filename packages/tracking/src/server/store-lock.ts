import { TrackingError } from "../errors.ts";
import { type FileLock, takeFileLock } from "../store/index.ts";
import { TrackingServerError } from "./errors.ts";
import { recordFile, removeServerRecord } from "./server-record.ts";
import type { StorePlace } from "./store-place.ts";

/**
 * Keeps a second server off a database file: each remembers runs, and would not notice what the other one deletes.
 * Servers on PostgreSQL remember nothing, and share. Errors: SCANFLOW_STORE_IN_USE, SCANFLOW_STORE_OPEN.
 */
export function lockStore({ location, isFile }: StorePlace): FileLock {
  const lock = isFile ? takeOrExplain(location) : { release: () => {} };
  // What a killed server left says where another one may answer by now.
  if (lock && isFile) removeServerRecord(recordFile(location));
  if (lock) return lock;
  throw new TrackingServerError(
    "SCANFLOW_STORE_IN_USE",
    `Another tracking server works on ${location}. Point clients at that one, end it first, or name another file with --store.`,
  );
}

function takeOrExplain(file: string): FileLock | null {
  try {
    return takeFileLock(`${file}.lock`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrackingError(
      "SCANFLOW_STORE_OPEN",
      `${file} cannot be opened (${reason}). Make its folder writable, or name another file with --store.`,
      { cause },
    );
  }
}
