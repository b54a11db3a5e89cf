import type { TestProject } from "vitest/node";
import { trackingMigrations } from "../../index.ts";
import { openStore } from "../index.ts";
import { findPostgres, startCluster } from "./cluster.support.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the server that the tests of a project share; the database is missing at its end. */
    postgresUrl: string;
  }
}

/**
 * One server for all tests of the project; each test makes a database of its own. Those of trackers begin as copies of
 * `template1`, which has their tables already.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error("PostgreSQL is not installed");
  const cluster = await startCluster(programs);
  const tracked = await openStore({ location: cluster.url("template1"), migrations: trackingMigrations });
  await tracked.close();
  project.provide("postgresUrl", cluster.url("postgres"));
  return cluster.stop;
}
