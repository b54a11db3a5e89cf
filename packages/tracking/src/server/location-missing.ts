import { existsSync } from "node:fs";
import { TrackingServerError } from "./errors.ts";
import type { StorePlace } from "./store-place.ts";

export function locationMissing(what: string, path: string, option: string): Error {
  return new TrackingServerError(
    "SCANFLOW_LOCATION_MISSING",
    `There is no ${what} ${path}. Name the tracker's with ${option}, as it was given to "scanflow track".`,
  );
}

/** Errors: SCANFLOW_LOCATION_MISSING for a database file that is not there. */
export function requireDatabase({ location, isFile }: StorePlace): void {
  if (isFile && !existsSync(location)) throw locationMissing("database file", location, "--store");
}
