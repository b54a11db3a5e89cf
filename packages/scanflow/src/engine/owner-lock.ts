import { dirname } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { type FileLock, takeFileLock } from "@scanflow/tracking/store";

export type OwnerLock = FileLock;

/** Takes the lock on a state folder, or returns null when another process owns it. Errors: SCANFLOW_FOLDER_DENIED. */
export function takeLock(file: string): OwnerLock | null {
  try {
    return takeFileLock(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScanflowError(
      "SCANFLOW_FOLDER_DENIED",
      `The state folder ${dirname(file)} cannot be written (${reason}). Make it writable, or run from a copy of the application that is.`,
      { cause },
    );
  }
}
