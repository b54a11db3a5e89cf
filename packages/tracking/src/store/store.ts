import { resolve } from "node:path";
import type { Kysely } from "kysely";
import { TrackingError } from "../errors.ts";
import { startWorker } from "../worker/index.ts";
import { Link } from "./link.ts";
import { toRows } from "./rows.ts";
import type { CompiledSql, Migration, Row, SqlValue, Statement, StatementResult } from "./statement.ts";
import type { WireRows, WorkerSetup } from "./wire.ts";
import { WriteQueue } from "./write-queue.ts";

export interface StoreOptions {
  /** A path, or ":memory:" for a database that ends with the store. */
  location: string;
  /** The tables of every room that uses this database, in the order to apply them. */
  migrations: readonly Migration[];
  /** Threads that read beside the writer; 0 reads on the writer's thread. Default 1; in memory always 0. */
  readers?: number;
  /**
   * What an answered write survives: `process` (default) the end of the process by any means, `power` also
   * a power cut, at the price of one fsync a commit.
   */
  durability?: "process" | "power";
  /** How long to wait for another process that holds the database, in milliseconds. Default 5000. */
  busyTimeoutMs?: number;
}

/**
 * A database behind threads: one writer, readers that never wait for it. All rooms share one store.
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
  /** Calls that are not answered yet. */
  readonly waiting: number;
  /** Waits for all that was asked for, then closes the database. Safe to call twice. */
  close(): Promise<void>;
}

/** The part of a store that needs no knowledge of its tables: what rooms that write SQL ask for. */
export type SqlStore = Pick<Store<unknown>, "read" | "snapshot" | "write">;

/**
 * Opens (and makes, if need be) a database and brings its tables forward.
 * Errors: SCANFLOW_STORE_OPEN, _NEWER, _ALTERED, _MIGRATION, _BUSY, _CORRUPT.
 */
export async function openStore<DB>(options: StoreOptions): Promise<Store<DB>> {
  const { migrations, readers = 1, durability = "process", busyTimeoutMs = 5000 } = options;
  const inMemory = options.location === ":memory:";
  const location = inMemory ? options.location : resolve(options.location);
  const setup = { location, durability, busyTimeoutMs, migrations };
  const writer = await openLink({ ...setup, role: "writer" });
  const opening = Array.from({ length: inMemory ? 0 : readers }, () =>
    openLink({ ...setup, migrations: [], role: "reader" }),
  );
  const opened = await Promise.allSettled(opening);
  const links = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed) {
    await Promise.all([...links, writer].map((link) => link.close()));
    throw failed.reason;
  }
  return new ThreadedStore<DB>(location, writer, links);
}

/** Rows pass through quickly: a small young generation keeps the thread's memory small at the same speed. */
const YOUNG_MB = 8;

async function openLink(setup: WorkerSetup): Promise<Link> {
  const worker = startWorker("./store-worker", import.meta.url, {
    data: setup,
    name: `store-${setup.role}`,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const link = new Link(worker);
  try {
    await link.ready();
    return link;
  } catch (cause) {
    await worker.terminate();
    if (!(cause instanceof TrackingError)) throw cause;
    throw new TrackingError(cause.code, `${setup.location}: ${cause.message}`, { cause });
  }
}

class ThreadedStore<DB> implements Store<DB> {
  readonly #location: string;
  readonly #writer: Link;
  readonly #readers: readonly Link[];
  readonly #queue: WriteQueue;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(location: string, writer: Link, readers: readonly Link[]) {
    this.#location = location;
    this.#writer = writer;
    this.#readers = readers;
    this.#queue = new WriteQueue(writer);
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
    return this.#track(this.#writer.call<void>({ kind: "compact" }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  #read(queries: { sql: string; params: readonly SqlValue[] }[]): Promise<WireRows[]> {
    if (this.#closing) return Promise.reject(this.#closed());
    let least = this.#readers[0] ?? this.#writer;
    for (const reader of this.#readers) if (reader.load < least.load) least = reader;
    return this.#track(least.call<WireRows[]>({ kind: "read", queries }));
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = () => this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async #drain(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await Promise.all(this.#readers.map((reader) => reader.close()));
    await this.#writer.close();
  }

  #closed(): TrackingError {
    return new TrackingError(
      "SCANFLOW_STORE_CLOSED",
      `The store ${this.#location} is closed. Open it again, or close it after its last use.`,
    );
  }
}

function asQuery(query: CompiledSql | Statement): { sql: string; params: readonly SqlValue[] } {
  if ("parameters" in query) return { sql: query.sql, params: query.parameters as readonly SqlValue[] };
  return { sql: query.sql, params: query.params ?? [] };
}
