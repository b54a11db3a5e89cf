import { ScanflowError } from "@scanflow/core";

/** Checks the name of a stream or of a consumer. Errors: SCANFLOW_STREAM_NAME. */
export function checkName(what: "stream" | "consumer", name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return;
  throw new ScanflowError(
    "SCANFLOW_STREAM_NAME",
    `A ${what} cannot be named ${JSON.stringify(name)}: use 1 to 100 letters, digits, dots, dashes and underscores, the first a letter or digit.`,
  );
}
