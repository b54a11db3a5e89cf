import { TrackingError, type TrackingErrorCode } from "../errors.ts";
import type { WireError } from "./wire.ts";

/** Primary result codes of SQLite (sqlite.org/rescode.html) that a caller can act on, and what to do. */
const byResultCode: Record<number, readonly [TrackingErrorCode, string]> = {
  5: ["SCANFLOW_STORE_BUSY", "Another process holds the database: end it, or try again."],
  6: ["SCANFLOW_STORE_BUSY", "Another connection holds the table: try again."],
  8: ["SCANFLOW_STORE_OPEN", "Make the file and its folder writable."],
  10: ["SCANFLOW_STORE_CORRUPT", "The disk failed a read or a write: check it, then restore a backup."],
  11: ["SCANFLOW_STORE_CORRUPT", "Restore the file from a backup."],
  13: ["SCANFLOW_STORE_FULL", "Free some disk space and try again; what was stored before is intact."],
  14: ["SCANFLOW_STORE_OPEN", "Check that the path is a file you may write."],
  19: ["SCANFLOW_STORE_CONSTRAINT", "Correct the row and write the unit again."],
  26: ["SCANFLOW_STORE_OPEN", "The file is not an SQLite database: give another path."],
};

const fallback: readonly [TrackingErrorCode, string] = [
  "SCANFLOW_STORE_SQL",
  "Correct the statement or its parameters.",
];

/** Gives an error of node:sqlite (or of the thread) its code, in a form that crosses threads. */
export function toWireError(error: unknown): WireError {
  if (error instanceof TrackingError) return { code: error.code, message: error.message };
  const { errcode, message, syscall } = error as { errcode?: number; message?: string; syscall?: string };
  if (syscall !== undefined) {
    return { code: "SCANFLOW_STORE_OPEN", message: `${message}. Make the file and its folder writable.` };
  }
  // The low byte is the primary code; the rest says more about it.
  const [code, advice] = (errcode !== undefined && byResultCode[errcode & 0xff]) || fallback;
  return { code, message: `${message ?? String(error)}. ${advice}` };
}
