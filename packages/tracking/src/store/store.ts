import type { Kysely } from "kysely";
import { TrackingError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { isPostgres } from "./postgres/location.ts";
import { toRows } from "./rows.ts";
import { openSqlite } from "./sqlite-backend.ts";
import type { CompiledSql, Migration, Row, SqlValue, Statement, StatementResult } from "./statement.ts";
import type { WireRows } from "./wire.ts";
import { WriteQueue } from "./write-queue.ts";

export interface StoreOptions {
  /**
   * The path of an SQLite file, ":memory:" for a database that ends with the store, or the URL of a PostgreSQL
   * database, `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, of version 12 or newer.
   */
  location: string;
  /** The tables of every room that uses this database, in the order to apply them. */
  migrations: readonly Migration[];
  /**
   * Threads that read beside the writer; 0 reads on the writer's thread. Default 1; in memory always 0. With PostgreSQL
   * connections, made when they are needed: default 4, at least 1.
   */
  readers?: number;
  /**
   * What an answered write survives: `process` (default) the end of the process by any means, `power` also
   * a power cut, at the price of one fsync a commit.
   */
  durability?: "process" | "power";
  /** How long to wait for another process that holds the database, in milliseconds. Default 5000. */
  busyTimeoutMs?: number;
  /** How much of an SQLite file each thread keeps in memory of its own, in bytes; default 4 MB. */
  cacheBytes?: number;
  /**
   * How much of an SQLite file readers map, in bytes; default 0. Reading through the map takes half the time, and what
   * was read shows as memory of the process.
   */
  mapBytes?: number;
  /**
   * Whether small units may be written to an SQLite file on the thread that asks, when nothing else is being written:
   * default false. That saves the way to another thread and back, which takes longer than the write, and keeps the
   * thread from other work meanwhile. Not with durability `power`.
   */
  direct?: boolean;
}

/**
 * A database: one writer, readers that never wait for it. All rooms share one store, and write the SQL that SQLite and
 * PostgreSQL both take, with `?` for parameters; the seam translates the rest (docs/decisions/postgres.md).
 * A read that starts after a write was answered sees it.
 */
export interface Store<DB> {
  /**
   * Builds and runs SELECTs; for changes, compile and give the result to `write`. Loaded when first asked for: it takes
   * as long to load as all the rest of the tracker.
   */
  kysely(): Promise<Kysely<DB>>;
  /** Runs one SELECT. */
  read<R = Row>(query: string | CompiledSql, params?: readonly SqlValue[]): Promise<R[]>;
  /** Runs several SELECTs on one snapshot, in one round trip; rows in the order of the queries. */
  snapshot(queries: readonly (CompiledSql | Statement)[]): Promise<Row[][]>;
  /**
   * Writes a unit: all its statements or none. Resolves after the commit. Units that wait at the same
   * tick share a transaction; a unit that fails does not harm the others. Rejects with SCANFLOW_STORE_…
   * codes; with a `StoreRefusal` when one of its guards found rows.
   */
  write(unit: readonly Statement[]): Promise<StatementResult[]>;
  /**
   * Rewrites the database without what was deleted: afterwards no byte of it is left in the files, and they are as
   * small as they can be. Takes time and room as large as the database; writes wait meanwhile. SCANFLOW_STORE_BUSY
   * when another process reads the database all the time.
   */
  compact(): Promise<void>;
  /**
   * Has the database count anew what its tables hold: call it after many rows came at once, since PostgreSQL chooses
   * poor ways to search until then (by itself it does so a minute later). SQLite needs none.
   */
  analyze(): Promise<void>;
  /** Whether other processes may write to the database too, so that nothing read before can be taken for granted. */
  readonly shared: boolean;
  /** Calls that are not answered yet. */
  readonly waiting: number;
  /** Waits for all that was asked for, then closes the database. Safe to call twice. */
  close(): Promise<void>;
}

/** The part of a store that needs no knowledge of its tables: what rooms that write SQL ask for. */
export type SqlStore = Pick<Store<unknown>, "read" | "shared" | "snapshot" | "write">;

/**
 * Opens a database (an SQLite file is made, if need be) and brings its tables forward.
 * Errors: SCANFLOW_STORE_OPEN, _NEWER, _ALTERED, _MIGRATION, _BUSY, _CORRUPT; with PostgreSQL also _UNREACHABLE, _LOGIN.
 */
export async function openStore<DB>(options: StoreOptions): Promise<Store<DB>> {
  const {
    location,
    migrations,
    readers,
    durability = "process",
    busyTimeoutMs = 5000,
    cacheBytes = 4_000_000,
    mapBytes = 0,
    direct = false,
  } = options;
  const setup = { location, migrations, durability, busyTimeoutMs };
  if (!isPostgres(location))
    return new SeamStore<DB>(
      await openSqlite({ ...setup, cacheBytes, mapBytes, direct, readers: readers ?? 1 }),
    );
  const { openPostgres } = await import("./postgres/postgres-backend.ts");
  return new SeamStore<DB>(await openPostgres({ ...setup, readers: readers ?? 4 }));
}

class SeamStore<DB> implements Store<DB> {
  readonly shared: boolean;
  readonly #backend: Backend;
  readonly #queue: WriteQueue;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(backend: Backend) {
    this.shared = backend.shared;
    this.#backend = backend;
    this.#queue = new WriteQueue(backend);
  }

  get waiting(): number {
    return this.#underWay.size;
  }

  async kysely(): Promise<Kysely<DB>> {
    const { readingKysely } = await import("./dialect.ts");
    return readingKysely<DB>((query) => this.read(query));
  }

  async read<R = Row>(query: string | CompiledSql, params: readonly SqlValue[] = []): Promise<R[]> {
    const compiled = typeof query === "string" ? { sql: query, params } : asQuery(query);
    const [rows] = await this.#read([compiled]);
    return rows ? toRows<R>(rows) : [];
  }

  async snapshot(queries: readonly (CompiledSql | Statement)[]): Promise<Row[][]> {
    if (queries.length === 0) return [];
    const answers = await this.#read(queries.map(asQuery));
    return answers.map((rows) => toRows(rows));
  }

  write(unit: readonly Statement[]): Promise<StatementResult[]> {
    if (this.#closing) return Promise.reject(this.#closed());
    if (unit.length === 0) return Promise.resolve([]);
    return this.#track(this.#queue.add(unit));
  }

  compact(): Promise<void> {
    if (this.#closing) return Promise.reject(this.#closed());
    return this.#track(this.#backend.compact());
  }

  analyze(): Promise<void> {
    if (this.#closing) return Promise.reject(this.#closed());
    return this.#track(this.#backend.analyze());
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  #read(queries: { sql: string; params: readonly SqlValue[] }[]): Promise<WireRows[]> {
    if (this.#closing) return Promise.reject(this.#closed());
    return this.#track(this.#backend.read(queries));
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = () => this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async #drain(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#backend.close();
  }

  #closed(): TrackingError {
    return new TrackingError(
      "SCANFLOW_STORE_CLOSED",
      `The store ${this.#backend.name} is closed. Open it again, or close it after its last use.`,
    );
  }
}

function asQuery(query: CompiledSql | Statement): { sql: string; params: readonly SqlValue[] } {
  if ("parameters" in query) return { sql: query.sql, params: query.parameters as readonly SqlValue[] };
  return { sql: query.sql, params: query.params ?? [] };
}
