import { DatabaseSync } from "node:sqlite";
import type { SqlStore } from "./store.ts";

/** A question to a database that is asked before each request. */
export interface Glance {
  /** Whether the query gives a row. */
  any(): boolean | Promise<boolean>;
  close(): void;
}

/**
 * Asks a file by a connection of its own, at once: a look that takes microseconds must not wait in line behind long
 * searches. Where the file is busy for a moment, and with PostgreSQL, it is a read like any other.
 *
 * @param sql a query of a row or two, such as `SELECT 1 FROM access_users LIMIT 1`
 */
export function openGlance(store: SqlStore, location: { file: string } | undefined, sql: string): Glance {
  const asRead = async () => (await store.read(sql)).length > 0;
  if (location === undefined) return { any: asRead, close: () => {} };
  const database = new DatabaseSync(location.file, { readOnly: true, timeout: 0 });
  const query = database.prepare(sql);
  const any = () => {
    try {
      return query.get() !== undefined;
    } catch {
      return asRead();
    }
  };
  return { any, close: () => database.close() };
}
