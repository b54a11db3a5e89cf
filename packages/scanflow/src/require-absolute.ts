import { isAbsolute } from "node:path";
import { ScanflowError } from "@scanflow/core";

/** The owner's own folder is not that of whoever asks. Errors: SCANFLOW_REQUEST_INVALID. */
export function requireAbsolute(path: string): void {
  if (isAbsolute(path)) return;
  throw new ScanflowError(
    "SCANFLOW_REQUEST_INVALID",
    `The path "${path}" is not absolute. Send one that is.`,
  );
}
