import { TrackingError } from "../errors.ts";
import type { Connection } from "./connection.ts";

/**
 * Rewrites the database file without free pages, and empties the write-ahead log into it. The room for the copy is
 * taken on the disk, not in memory.
 */
export function compact({ database }: Connection): void {
  database.exec("PRAGMA temp_store = FILE");
  try {
    database.exec("VACUUM");
  } finally {
    database.exec("PRAGMA temp_store = MEMORY");
  }
  const emptied = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  if (emptied?.busy !== 1) return;
  throw new TrackingError(
    "SCANFLOW_STORE_BUSY",
    "What was deleted is out of the tables but not yet out of the file: another process reads the database. End it, then try again.",
  );
}
