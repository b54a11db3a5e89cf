import { ScanflowError } from "@scanflow/core";
import type { CopyProgress } from "../api/index.ts";

/** Who waits for a work, and is told how far it is. */
export interface Hearing<Progress> {
  readonly tell: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Errors: SCANFLOW_OWNER_CLOSING when nobody waits any more. */
export function goOn(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new ScanflowError(
    "SCANFLOW_OWNER_CLOSING",
    "The owner ends, or nobody waits for the work any more. Run the command again: what is there already is not moved again.",
  );
}

/** Counts what is copied and tells of it; ends the copy, as `goOn` does, when nobody waits for it. */
export function copyProgress(
  { tell, signal }: Hearing<CopyProgress>,
  of: { readonly files: number; readonly bytes: number },
): (bytes: number, files: number) => void {
  let [doneBytes, doneFiles] = [0, 0];
  return (bytes, files) => {
    goOn(signal);
    doneBytes += bytes;
    doneFiles += files;
    tell({ kind: "progress", files: doneFiles, ofFiles: of.files, bytes: doneBytes, ofBytes: of.bytes });
  };
}
