import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "@scanflow/checks";
import type { StreamConsumer } from "./stream-consumer.ts";
import type { StreamLog } from "./stream-log.ts";
import type { StreamRecord } from "./stream-record.ts";

/** What a consumer does with records. It must give the same for the same records and state, whenever it is asked. */
export interface StreamTask {
  /** Takes the next record; gives what it puts out. */
  take(record: StreamRecord): Promise<readonly JsonObject[]>;
  /** The lowest position that it will still read; null when that is the next record's. */
  needed(): number | null;
  /** All it has to know to go on, as JSON. */
  state(): JsonObject;
}

/** How a stream is followed. */
export interface FollowOptions {
  /** Ends it after the commit under way. */
  readonly signal: AbortSignal;
  /** `never` (default): waits for more; `caught-up`: ends when all records that there are have been taken. */
  readonly end?: "never" | "caught-up";
  /** How often it looks for more; default 200. */
  readonly pollMs?: number;
  /** Records between two commits when nothing is put out; default 1000. */
  readonly batch?: number;
  /** Told what was put out, once it is durable. A process that is killed may not have told its last. */
  readonly told?: (output: JsonObject, number: number) => void;
}

/**
 * Feeds a stream to a task, and commits its place, its state and what it puts out together: whatever is put out is
 * durable before it is told, and exactly once in the log however often the process is killed.
 * Errors: those of the task, SCANFLOW_STREAM_TAKEN, SCANFLOW_STORE_….
 */
export async function followStream(
  log: StreamLog,
  { consumer, task }: { readonly consumer: StreamConsumer; readonly task: StreamTask },
  { signal, end = "never", pollMs = 200, batch = 1000, told = () => {} }: FollowOptions,
): Promise<void> {
  async function commit(position: number, outputs: readonly JsonObject[]): Promise<void> {
    const first = consumer.outputs;
    await consumer.commit({
      position,
      needed: task.needed(),
      state: task.state(),
      outputs: outputs.map((output) => ({ position, output })),
    });
    for (const [index, output] of outputs.entries()) told(output, first + index);
  }

  while (!signal.aborted) {
    const records = await log.read(consumer.stream, consumer.position, batch);
    let taken = 0;
    for (const record of records) {
      if (signal.aborted) break;
      const outputs = await task.take(record);
      taken = record.position;
      if (outputs.length > 0) await commit(record.position, outputs);
    }
    if (taken > consumer.position) await commit(taken, []);
    if (records.length > 0) continue;
    if (end === "caught-up") return;
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}
