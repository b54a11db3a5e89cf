import type { RunEvent } from "@scanflow/core";
import { z } from "zod";
import { runDetail } from "./run.ts";
import { codedError, jsonObject, time } from "./values.ts";

const eventShape = z
  .looseObject({ seq: z.number(), run: z.string(), time, event: z.string() })
  .describe("An event of a run; its other fields depend on `event`.");

/** The events are typed in `@scanflow/core`; here they have no more than their envelope, and pass through as they are. */
export const runEvent = eventShape as unknown as z.ZodType<RunEvent, RunEvent>;

/**
 * How a run rests: it ended; it can go no further without a person (`waiting`, `paused`); or nobody has it in hand
 * (`interrupted`).
 */
export const rest = z.enum(["finished", "waiting", "paused", "interrupted"]);

/** What one hears who watches a run. */
export const watchMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("event"), event: runEvent }),
  /** A line that a task wrote. A carriage return at its end: it is about to be drawn over, and comes again when it is whole. */
  z.object({ kind: z.literal("line"), task: z.string(), attempt: z.number(), line: z.string() }),
  /** So many lines were left out, because they came faster than they were read. All are in the log. */
  z.object({ kind: z.literal("omitted"), lines: z.number() }),
  /** Nothing more will come. `run` is the run as it is now; null when its owner ends. */
  z.object({ kind: z.literal("rest"), rest, run: runDetail.nullable() }),
  /** The owner cannot go on with the run. Nothing more will come. */
  z.object({ kind: z.literal("broken"), error: codedError }),
  /** Nothing happened for a while. */
  z.object({ kind: z.literal("alive") }),
]);

export const logPage = z.object({
  task: z.string(),
  attempt: z.number(),
  /** The run whose log it is: another one when the task was taken from the cache. */
  run: z.string(),
  text: z.string(),
  /** In bytes. */
  offset: z.number(),
  nextOffset: z.number(),
  /** Whether there is nothing after it now. */
  end: z.boolean(),
});

export const logMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), attempt: z.number(), text: z.string() }),
  z.object({ kind: z.literal("alive") }),
]);

export const why = z.object({
  run: z.string(),
  task: z.string(),
  status: z.string(),
  cached: z.boolean(),
  /** Where a cached task's outputs come from. */
  from: z.object({ run: z.string(), task: z.string(), attempt: z.number() }).nullable(),
  /** The last attempt, and why it was made rather than taken from the cache: `changed` since the run `before`. */
  attempt: z.number(),
  miss: z.object({ reason: z.string(), changed: z.array(z.string()).readonly() }).nullable(),
  /** The last run before this one that had the task; null: there was none, or none is kept. */
  before: z.string().nullable(),
  /** The attempt before it in this run, and what changed since. */
  retried: z.object({ attempt: z.number(), changed: z.array(z.string()).readonly() }).nullable(),
  key: z.string().nullable(),
  /** What the key is made of. */
  parts: z.record(z.string(), z.string()),
  /** Why it did not run. */
  skip: z.object({ reason: z.string(), detail: z.string() }).nullable(),
  error: codedError.nullable(),
  /** Whether its last attempt ended because its owner did, not by itself. */
  interrupted: z.boolean(),
  params: jsonObject,
});

export type WatchMessage = z.output<typeof watchMessage>;
export type Rest = z.output<typeof rest>;
export type LogPage = z.output<typeof logPage>;
export type LogMessage = z.output<typeof logMessage>;
export type Why = z.output<typeof why>;
