import { resolve } from "node:path";
import { TrackingServerError } from "./errors.ts";

/** Where a server's database is: a file, absolute. */
export interface StorePlace {
  readonly file: string;
}

const sqlite = "sqlite:///";

/**
 * Reads the URL of a store as SQLAlchemy and MLflow write it: three slashes before a path relative to `folder`, four
 * before an absolute one. Errors: SCANFLOW_LOCATION_INVALID.
 */
export function parseStore(url: string, folder: string): StorePlace {
  const path = url.startsWith(sqlite) ? url.slice(sqlite.length) : "";
  if (path !== "" && !path.endsWith("/")) return { file: resolve(folder, path) };
  const example = /^[^:]+$/.test(url) && url !== "" ? `${sqlite}${url}` : `${sqlite}tracker.db`;
  throw new TrackingServerError(
    "SCANFLOW_LOCATION_INVALID",
    `The store "${url}" is no database that the tracker can use. Write a file as ${example}.`,
  );
}
