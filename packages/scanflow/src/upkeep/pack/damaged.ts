import { ScanflowError } from "@scanflow/core";

export function damaged(why: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_PACK_DAMAGED",
    `The archive is damaged: ${why}. Nothing was unpacked; copy it again, or make it anew.`,
    { cause },
  );
}
