import { ScanflowError } from "@scanflow/core";
import { openStore, type SqlStore, type Store } from "@scanflow/tracking/store";
import { listStreams, type StreamSummary } from "./list-streams.ts";
import { openConsumer, type StreamConsumer, type StreamOutput } from "./stream-consumer.ts";
import { checkName } from "./stream-name.ts";
import { type NewRecord, recordCells, type StreamRecord } from "./stream-record.ts";
import { streamMigrations } from "./stream-tables.ts";

/** What came of an append. */
export interface Appended {
  readonly appended: number;
  /** Records that the stream has already, by their ids. */
  readonly known: number;
}

/** Where a record log lies, and by what clock it goes. */
export interface StreamLogOptions {
  /** An SQLite file or the URL of a PostgreSQL database, as `openStore` takes it. */
  readonly location: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now?: () => number;
}

/**
 * The record log: streams of records, each with an id and a position, and the places that consumers have come to.
 * Several processes may use one at once. What was answered is on the disk.
 */
export class StreamLog {
  readonly #store: Store<unknown>;
  readonly #now: () => number;

  private constructor(store: Store<unknown>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Errors: SCANFLOW_STORE_…. */
  static async open({ location, now = Date.now }: StreamLogOptions): Promise<StreamLog> {
    const store = await openStore({ location, migrations: streamMigrations, durability: "power" });
    return new StreamLog(store, now);
  }

  /**
   * Appends records, all or none, in their order. One whose id the stream has is left out, so that an append whose
   * answer was lost may be done again. A stream is made with its first record.
   * Errors: SCANFLOW_STREAM_NAME, SCANFLOW_STREAM_RECORD, SCANFLOW_STORE_….
   */
  async append(stream: string, records: readonly NewRecord[]): Promise<Appended> {
    checkName("stream", stream);
    const now = this.#now();
    const cells = new Map<string, readonly [number, number, string]>();
    for (const [index, record] of records.entries()) {
      const [id, time, text] = recordCells(record, index, now);
      if (!cells.has(id)) cells.set(id, [time, now, text]);
    }
    for (const id of await this.#known(stream, records)) cells.delete(id);
    if (cells.size === 0) return { appended: 0, known: records.length };
    const rows = [...cells].map(([id, rest], index) => [index + 1 - cells.size, id, ...rest, stream]);
    const results = await this.#store.write([
      ...createdRow(stream, now),
      { sql: "UPDATE streams SET last = last + ? WHERE stream = ?", params: [rows.length, stream] },
      {
        // Another process may have appended one of them meanwhile.
        sql: `INSERT INTO stream_records (stream, position, id, time, appended, record)
          SELECT stream, last + CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT)
          FROM streams WHERE stream = ? ON CONFLICT (stream, id) DO NOTHING`,
        rows,
      },
      ...outdatedRows(stream, now),
    ]);
    const appended = results[2]?.changes ?? 0;
    return { appended, known: records.length - appended };
  }

  /** Those of the given ids that the stream has: taking no position for them leaves no gaps. */
  async #known(stream: string, records: readonly NewRecord[]): Promise<string[]> {
    const ids = records.flatMap(({ id }) => (id === undefined ? [] : [id]));
    if (ids.length === 0) return [];
    const queries = Array.from({ length: Math.ceil(ids.length / ASKED) }, (_, page) => {
      const asked = ids.slice(page * ASKED, (page + 1) * ASKED);
      // Filled up, so that the statement is one and is kept ready.
      const params = [stream, ...asked, ...new Array<string>(ASKED - asked.length).fill(asked[0] as string)];
      return { sql: KNOWN, params };
    });
    const answers = await this.#store.snapshot(queries);
    return answers.flat().map(({ id }) => String(id));
  }

  /** The next records after a position, in order. */
  async read(stream: string, after: number, limit = 1000): Promise<StreamRecord[]> {
    const rows = await this.#store.read<RecordRow>(
      `SELECT position, id, time, record FROM stream_records
        WHERE stream = ? AND position > ? ORDER BY position LIMIT ?`,
      [stream, after, limit],
    );
    return rows.map(recordOf);
  }

  /** The records at rising positions. Errors: SCANFLOW_STREAM_LOST when one is gone. */
  async recordsAt(stream: string, positions: readonly number[]): Promise<StreamRecord[]> {
    const wanted = new Set(positions);
    const rows = await this.#store.read<RecordRow>(
      `SELECT position, id, time, record FROM stream_records
        WHERE stream = ? AND position BETWEEN ? AND ? ORDER BY position`,
      [stream, positions[0] ?? 0, positions.at(-1) ?? -1],
    );
    const found = rows.filter(({ position }) => wanted.has(position));
    if (found.length === wanted.size) return found.map(recordOf);
    throw new ScanflowError(
      "SCANFLOW_STREAM_LOST",
      `The stream "${stream}" lacks ${wanted.size - found.length} of the ${wanted.size} records of a window. It was removed or cut while it was read: start the consumer anew under another name.`,
    );
  }

  /** The last records, in order. */
  async tail(stream: string, count: number): Promise<StreamRecord[]> {
    const rows = await this.#store.read<RecordRow>(
      `SELECT position, id, time, record FROM stream_records
        WHERE stream = ? ORDER BY position DESC LIMIT ?`,
      [stream, count],
    );
    return rows.map(recordOf).reverse();
  }

  /**
   * Takes up a consumer where it was, or makes it: before the first record, or behind the last one.
   * Errors: SCANFLOW_STREAM_NAME.
   */
  async consumer(stream: string, name: string, from: "start" | "end" = "start"): Promise<StreamConsumer> {
    checkName("stream", stream);
    checkName("consumer", name);
    return openConsumer({ store: this.#store, now: this.#now, stream, name, from });
  }

  /** What a consumer has put out, after a number. */
  async outputs(stream: string, consumer: string, after = -1, limit = 1000): Promise<StreamOutput[]> {
    const rows = await this.#store.read<{
      number: number;
      position: number;
      created: number;
      output: string;
    }>(
      `SELECT number, position, created, output FROM stream_outputs
        WHERE stream = ? AND consumer = ? AND number > ? ORDER BY number LIMIT ?`,
      [stream, consumer, after, limit],
    );
    return rows.map(({ output, created, ...row }) => ({
      ...row,
      createdMs: created,
      output: JSON.parse(output),
    }));
  }

  /** Whether there is a stream of this name. */
  async has(stream: string): Promise<boolean> {
    const rows = await this.#store.read("SELECT stream FROM streams WHERE stream = ?", [stream]);
    return rows.length > 0;
  }

  /** All streams by name. */
  list(): Promise<StreamSummary[]> {
    return listStreams(this.#store);
  }

  /**
   * Says how much of a stream is kept: its last so many records, and those appended within so long. Older ones go at
   * the next append, except those that a consumer still has to read. null: without that limit.
   */
  async keep(
    stream: string,
    { records, ms }: { readonly records: number | null; readonly ms: number | null },
  ): Promise<void> {
    checkName("stream", stream);
    await this.#store.write([
      ...createdRow(stream, this.#now()),
      {
        sql: "UPDATE streams SET keep_records = ?, keep_ms = ? WHERE stream = ?",
        params: [records, ms, stream],
      },
      ...outdatedRows(stream, this.#now()),
    ]);
  }

  /** Removes a stream with its records, consumers and what these put out; false when there is none. */
  async remove(stream: string): Promise<boolean> {
    const results = await this.#store.write(
      ["stream_outputs", "stream_consumers", "stream_records", "streams"].map((table) => ({
        sql: `DELETE FROM ${table} WHERE stream = ?`,
        params: [stream],
      })),
    );
    return (results.at(-1)?.changes ?? 0) > 0;
  }

  /** Forgets a consumer with what it put out, so that the stream keeps nothing for it; false when there is none. */
  async removeConsumer(stream: string, consumer: string): Promise<boolean> {
    const results = await this.#store.write(
      ["stream_outputs", "stream_consumers"].map((table) => ({
        sql: `DELETE FROM ${table} WHERE stream = ? AND consumer = ?`,
        params: [stream, consumer],
      })),
    );
    return (results.at(-1)?.changes ?? 0) > 0;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** How many ids are looked for at once. */
const ASKED = 200;
const KNOWN = `SELECT id FROM stream_records WHERE stream = ? AND id IN (${new Array(ASKED).fill("?").join(", ")})`;

interface RecordRow {
  readonly position: number;
  readonly id: string;
  readonly time: number;
  readonly record: string;
}

function recordOf({ position, id, time, record }: RecordRow): StreamRecord {
  return { position, id, timeMs: time, values: JSON.parse(record) };
}

type Unit = Parameters<SqlStore["write"]>[0];

function createdRow(stream: string, now: number): Unit {
  return [
    {
      sql: "INSERT INTO streams (stream, last, created) VALUES (?, 0, ?) ON CONFLICT (stream) DO NOTHING",
      params: [stream, now],
    },
  ];
}

/** What a stream need not keep, and no consumer needs. */
function outdatedRows(stream: string, now: number): Unit {
  const unneeded = `position < COALESCE(
    (SELECT min(needed) FROM stream_consumers WHERE stream_consumers.stream = stream_records.stream), position + 1)`;
  return [
    {
      sql: `DELETE FROM stream_records WHERE stream = ? AND ${unneeded}
        AND position <= (SELECT last - keep_records FROM streams WHERE streams.stream = stream_records.stream)`,
      params: [stream],
    },
    {
      sql: `DELETE FROM stream_records WHERE stream = ? AND ${unneeded}
        AND appended < (SELECT CAST(? AS BIGINT) - keep_ms FROM streams WHERE streams.stream = stream_records.stream)`,
      params: [stream, now],
    },
  ];
}
