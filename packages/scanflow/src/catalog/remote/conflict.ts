import { ScanflowError } from "@scanflow/core";

export interface Sides {
  readonly here: string;
  readonly there: string;
  readonly remote: string;
}

/** Two places gave the same number to different contents. */
export function conflictError(
  { dataset, version }: { readonly dataset: string; readonly version: number },
  { here, there, remote }: Sides,
): ScanflowError {
  const name = `${dataset}@${version}`;
  return new ScanflowError(
    "SCANFLOW_DATA_CONFLICT",
    `${name} is ${here} here and ${there} in ${remote}. Nothing was changed. Keep yours elsewhere ("scanflow data get ${name} PATH"), forget it ("scanflow data rm ${name}"), pull, and add it as a version after those.`,
  );
}
