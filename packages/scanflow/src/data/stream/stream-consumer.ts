import { randomUUID } from "node:crypto";
import type { JsonObject } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { type SqlStore, StoreRefusal } from "@scanflow/tracking/store";

/** What a consumer put out, such as a verdict. */
export interface StreamOutput {
  /** Counts those of a consumer from 0, without gaps. */
  readonly number: number;
  /** Of the record with which it came about. */
  readonly position: number;
  readonly createdMs: number;
  readonly output: JsonObject;
}

/** What one commit makes durable, all of it or nothing. */
export interface Commit {
  /** Of the last record that the state has taken in. */
  readonly position: number;
  /** The lowest position that it will still read; default: that of the next record. */
  readonly needed?: number | null;
  readonly state: JsonObject;
  readonly outputs: readonly { readonly position: number; readonly output: JsonObject }[];
}

interface ConsumerRow {
  readonly position: number;
  readonly state: string | null;
  readonly commits: number;
  readonly outputs: number;
}

interface Place {
  readonly store: SqlStore;
  readonly now: () => number;
  readonly stream: string;
  readonly name: string;
}

/**
 * One reader of a stream, with its place. Place, state and outputs are committed together: wherever it is killed, the
 * next one goes on from the last commit, so nothing is left out and nothing is put out twice.
 */
export class StreamConsumer {
  readonly stream: string;
  readonly name: string;
  /** Of the last record that was committed; 0 before the first. */
  position: number;
  /** As it was committed last; null for a new consumer. */
  state: JsonObject | null;
  readonly #place: Place;
  readonly #holder = randomUUID();
  #commits: number;
  /** How many there are of what it put out. */
  outputs: number;

  constructor(place: Place, row: ConsumerRow) {
    this.stream = place.stream;
    this.name = place.name;
    this.position = row.position;
    this.state = row.state === null ? null : JSON.parse(row.state);
    this.#place = place;
    this.#commits = row.commits;
    this.outputs = row.outputs;
  }

  /**
   * Stores how far it has come, its state and what it puts out, in one transaction.
   * Errors: SCANFLOW_STREAM_TAKEN when another process has committed as this consumer since it was taken up.
   */
  async commit({ position, needed, state, outputs }: Commit): Promise<void> {
    const { store, now, stream, name } = this.#place;
    const nowMs = now();
    const rows = outputs.map((one, index) => [
      ...[stream, name, this.outputs + index, one.position, nowMs, JSON.stringify(one.output)],
    ]);
    const commits = this.#commits + 1;
    try {
      await store.write([
        {
          sql: `UPDATE stream_consumers SET position = ?, needed = ?, state = ?, commits = ?, holder = ?, updated = ?
            WHERE stream = ? AND consumer = ? AND commits = ?`,
          params: [
            ...[position, needed ?? position + 1, JSON.stringify(state), commits, this.#holder, nowMs],
            ...[stream, name, this.#commits],
          ],
        },
        {
          sql: `SELECT 1 AS taken WHERE NOT EXISTS (SELECT 1 FROM stream_consumers
            WHERE stream = ? AND consumer = ? AND commits = ? AND holder = ?)`,
          params: [stream, name, commits, this.#holder],
          refuse: "taken",
        },
        ...(rows.length === 0
          ? []
          : [
              {
                sql: `INSERT INTO stream_outputs (stream, consumer, number, position, created, output)
                  VALUES (?, ?, ?, ?, ?, ?)`,
                rows,
              },
            ]),
      ]);
    } catch (cause) {
      if (!(cause instanceof StoreRefusal)) throw cause;
      throw new ScanflowError(
        "SCANFLOW_STREAM_TAKEN",
        `Another process follows the stream "${stream}" as "${name}", or this consumer was removed. End one of the two, or give this one another name.`,
        { cause },
      );
    }
    this.position = position;
    this.state = state;
    this.#commits = commits;
    this.outputs += rows.length;
  }
}

export async function openConsumer({
  from,
  ...place
}: Place & { readonly from: "start" | "end" }): Promise<StreamConsumer> {
  const { store, now, stream, name } = place;
  const start =
    from === "start" ? "0" : "COALESCE((SELECT last FROM streams WHERE streams.stream = CAST(? AS TEXT)), 0)";
  const params = from === "start" ? [] : [stream];
  await store.write([
    {
      sql: `INSERT INTO stream_consumers (stream, consumer, position, needed, commits, holder, updated)
        SELECT CAST(? AS TEXT), CAST(? AS TEXT), ${start}, ${start} + 1, 0, '', CAST(? AS BIGINT)
        WHERE true ON CONFLICT (stream, consumer) DO NOTHING`,
      params: [stream, name, ...params, ...params, now()],
    },
  ]);
  const [row] = await store.read<ConsumerRow>(
    `SELECT position, state, commits, (SELECT count(*) FROM stream_outputs
      WHERE stream_outputs.stream = stream_consumers.stream
        AND stream_outputs.consumer = stream_consumers.consumer) AS outputs
      FROM stream_consumers WHERE stream = ? AND consumer = ?`,
    [stream, name],
  );
  if (!row) {
    throw new ScanflowError(
      "SCANFLOW_STREAM_TAKEN",
      `The consumer "${name}" of the stream "${stream}" was removed while it was taken up. Try again.`,
    );
  }
  return new StreamConsumer(place, row);
}
