import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Client } from "pg";
import { inject, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.support.ts";

/** Whether the tests run with PostgreSQL: the project that they run in says so. */
export const onPostgres = inject("postgresUrl") !== undefined;

/**
 * Where a test's own database lies: a file or a database of the shared server, removed after the test. It is empty,
 * but on the server it may have the tracker's tables, for speed.
 */
export async function testLocation({ tracked = false } = {}): Promise<string> {
  const shared = inject("postgresUrl");
  const template = tracked ? "template1" : "template0";
  return shared === undefined ? join(await temporaryFolder(), "test.db") : newDatabase(shared, template);
}

async function newDatabase(url: string, template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await command(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  onTestFinished(() => command(url, `DROP DATABASE ${name} WITH (FORCE)`));
  return url.replace("/postgres?", `/${name}?`);
}

async function command(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(sql);
  await client.end();
}
