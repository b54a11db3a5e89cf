import { TrackingError } from "../../errors.ts";
import type { Backend } from "../backend.ts";
import type { Migration, Statement } from "../statement.ts";
import type { WireOutcome, WireQuery, WireRows } from "../wire.ts";
import { PostgresConnection } from "./connection.ts";
import { maskPassword } from "./location.ts";
import { migratePostgres } from "./migrate.ts";
import { toTrackingError } from "./postgres-error.ts";
import { plain } from "./steps.ts";
import { readQueries, type WriteOptions, writeUnits } from "./transaction.ts";

export interface PostgresSetup extends WriteOptions {
  readonly location: string;
  readonly migrations: readonly Migration[];
  /** Connections that read beside the writing one; at least 1. */
  readonly readers: number;
}

/** Connects, brings the tables forward, and gives what the store works with. The clients live in this thread. */
export async function openPostgres(setup: PostgresSetup): Promise<Backend> {
  const name = maskPassword(setup.location);
  const writer = new PostgresConnection(setup.location);
  try {
    await writer.inTurn(() => migratePostgres(writer, setup.migrations, Date.now()));
  } catch (error) {
    await writer.close();
    const { code, message, cause } = toTrackingError(error);
    throw new TrackingError(code, `${name}: ${message}`, { cause });
  }
  return new PostgresBackend(name, writer, setup);
}

class PostgresBackend implements Backend {
  readonly name: string;
  readonly shared = true;
  /** Units that come while one transaction is under way share the next. */
  readonly groupsUnderWay = 1;
  readonly #writer: PostgresConnection;
  readonly #readers: readonly PostgresConnection[];
  readonly #options: WriteOptions;

  constructor(name: string, writer: PostgresConnection, setup: PostgresSetup) {
    this.name = name;
    this.#writer = writer;
    this.#readers = Array.from(
      { length: Math.max(setup.readers, 1) },
      () => new PostgresConnection(setup.location),
    );
    this.#options = setup;
  }

  write(units: readonly (readonly Statement[])[]): Promise<WireOutcome[]> {
    return this.#writer.inTurn(() => writeUnits(this.#writer, units, this.#options));
  }

  async read(queries: readonly WireQuery[]): Promise<WireRows[]> {
    let [least] = this.#readers;
    for (const reader of this.#readers) if (!least || reader.load < least.load) least = reader;
    const reader = least ?? this.#writer;
    return reader.inTurn(() => readQueries(reader, queries));
  }

  /** What was deleted may stay in the server's write-ahead log until that is recycled. */
  compact(): Promise<void> {
    return this.#writer.inTurn(async () => {
      const list = `SELECT quote_ident(relname) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`;
      const { results, error } = await this.#writer.run([plain(list)]);
      if (error) throw toTrackingError(error);
      for (const [table] of results[0]?.cells ?? []) {
        const { error: failed } = await this.#writer.run([plain(`VACUUM (FULL, ANALYZE) ${table}`)]);
        if (failed) throw toTrackingError(failed);
      }
    });
  }

  analyze(): Promise<void> {
    return this.#writer.inTurn(async () => {
      const { error } = await this.#writer.run([plain("ANALYZE")]);
      if (error) throw toTrackingError(error);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers, this.#writer].map((connection) => connection.close()));
  }
}
