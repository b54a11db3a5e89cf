import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { WorkerSetup } from "./wire.ts";

/** A statement kept ready, and the names of its result columns (none for one that only changes data). */
export interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

const preparedAtMost = 500;

/**
 * Runs, secrets of webhooks and digests of tokens are nobody else's on this machine; other files take after this one.
 * A file that is there is not opened: to close it would drop the locks of all connections of this process, and another
 * program would take the log away from under them (sqlite.org/howtocorrupt.html, 2.2).
 */
function prepareFile(location: string): void {
  mkdirSync(dirname(location), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(location, "ax", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** One SQLite connection with its prepared statements, used inside a database thread. */
export class Connection {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor({ location, role, durability, busyTimeoutMs, cacheBytes, mapBytes }: WorkerSetup) {
    const inMemory = location === ":memory:";
    const readOnly = role === "reader";
    if (!inMemory && !readOnly) prepareFile(location);
    this.database = new DatabaseSync(location, { readOnly, timeout: busyTimeoutMs });
    this.database.exec("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
    this.database.exec(`PRAGMA cache_size = -${Math.ceil(cacheBytes / 1024)}`);
    if (readOnly) {
      this.database.exec(`PRAGMA mmap_size = ${mapBytes}`);
      return;
    }
    this.database.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864`);
    this.database.exec(`PRAGMA synchronous = ${durability === "power" ? "FULL" : "NORMAL"}`);
  }

  /** The least recently used statement leaves when too many are kept: searches make SQL without end. */
  prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) };
    this.#prepared.set(sql, prepared);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > preparedAtMost && oldest !== undefined) this.#prepared.delete(oldest);
    return prepared;
  }

  close(): void {
    this.#prepared.clear();
    this.database.close();
  }
}
