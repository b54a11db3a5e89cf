import { resolve } from "node:path";
import { isPostgres, maskPassword } from "../store/postgres/location.ts";
import { TrackingServerError } from "./errors.ts";

/** Where a server's database is. */
export interface StorePlace {
  /** As `openStore` takes it. */
  readonly location: string;
  /** As it may be shown. */
  readonly shown: string;
  /** Whether it is a file of this machine, which one server at a time works on. */
  readonly isFile: boolean;
}

const sqlite = "sqlite:///";

/**
 * Reads the URL of a store as SQLAlchemy and MLflow write it: `postgresql://…`, or `sqlite:///` and a path that is
 * relative to `folder`, absolute after a fourth slash. Errors: SCANFLOW_LOCATION_INVALID.
 */
export function parseStore(url: string, folder: string): StorePlace {
  if (isPostgres(url)) return { location: url, shown: maskPassword(url), isFile: false };
  const path = url.startsWith(sqlite) ? url.slice(sqlite.length) : "";
  if (path !== "" && !path.endsWith("/")) {
    const file = resolve(folder, path);
    return { location: file, shown: file, isFile: true };
  }
  const example = /^[^:]+$/.test(url) ? `${sqlite}${url}` : `${sqlite}tracker.db`;
  throw new TrackingServerError(
    "SCANFLOW_LOCATION_INVALID",
    `The store "${maskPassword(url)}" is no database that the tracker can use. Write a file as ${example}, a PostgreSQL database as postgresql://USER:PASSWORD@HOST/DATABASE.`,
  );
}
