import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@scanflow/tracking/store";
import { inject, onTestFinished } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the server that the tests of a project share; missing where they use files. */
    postgresUrl: string;
  }
}

/** Where a test's own record log lies: a file, or tables of its own on the shared server, removed after the test. */
export async function streamLocation(): Promise<string> {
  const shared: string | undefined = inject("postgresUrl");
  if (shared !== undefined) return newSchema(shared);
  const folder = await mkdtemp(join(tmpdir(), "scanflow-stream-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "streams.db");
}

async function newSchema(url: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await command(url, `CREATE SCHEMA ${name}`);
  onTestFinished(() => command(url, `DROP SCHEMA ${name} CASCADE`));
  return `${url}&options=${encodeURIComponent(`-c search_path=${name}`)}`;
}

async function command(location: string, sql: string): Promise<void> {
  const store = await openStore({ location, migrations: [] });
  await store.write([{ sql }]);
  await store.close();
}
