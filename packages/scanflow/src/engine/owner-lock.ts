import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ScanflowError } from "@scanflow/core";

export interface OwnerLock {
  release(): void;
}

/**
 * Takes the lock on a state folder, or returns null when another process owns it. The lock is a write transaction on
 * a small SQLite file that is never committed: the operating system drops it when the process ends, however it ends.
 * Errors: SCANFLOW_FOLDER_DENIED.
 */
export function takeLock(file: string): OwnerLock | null {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(file, { timeout: 0 });
    const held = database;
    held.exec("BEGIN EXCLUSIVE");
    return { release: () => held.close() };
  } catch (cause) {
    database?.close();
    if (cause instanceof Error && /locked/.test(cause.message)) return null;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScanflowError(
      "SCANFLOW_FOLDER_DENIED",
      `The state folder ${dirname(file)} cannot be written (${reason}). Make it writable, or run from a copy of the application that is.`,
      { cause },
    );
  }
}
