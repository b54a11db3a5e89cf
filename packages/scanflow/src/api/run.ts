import { z } from "zod";
import { codedError, jsonObject, jsonValue, time } from "./values.ts";

/** `interrupted`: it has not ended, and nobody has it in hand; it can be resumed. */
export const runStatus = z.enum([
  "running",
  "waiting",
  "paused",
  "cancelling",
  "interrupted",
  "succeeded",
  "failed",
  "cancelled",
]);

export const taskStatus = z.enum([
  "pending",
  "running",
  "up",
  "waiting",
  "succeeded",
  "failed",
  "skipped",
  "cancelled",
  "upstream-failed",
]);

export const runRow = z.object({
  run: z.string(),
  application: z.string(),
  workflow: z.string(),
  status: runStatus,
  created: time,
  finished: time.nullable(),
});

export const modelVersion = z.object({
  name: z.string(),
  version: z.number(),
  /** The task that made it. */
  task: z.string(),
  /** Made by an earlier run, from which this one took the task's outputs. */
  cached: z.boolean(),
  /** Id of the tracker's run that registered it. */
  trackerRun: z.string(),
});

export const artifact = z.object({
  digest: z.string(),
  /** File name that the task wrote. */
  path: z.string(),
  type: z.string(),
  kind: z.enum(["file", "folder"]).nullable(),
  /** Bytes; null when it is not in the store any more. */
  size: z.number().nullable(),
});

export const taskRow = z.object({
  id: z.string(),
  kind: z.enum(["executor", "checker", "service", "choice", "approval", "labeling", "entry", "map"]),
  description: z.string(),
  status: taskStatus,
  attempts: z.number(),
  cached: z.boolean(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** How long its attempts ran, in milliseconds, without the time between them. */
  ranMs: z.number(),
  retryAt: time.nullable(),
  /** Why it did not run. */
  reason: z.string().nullable(),
  error: codedError.nullable(),
  result: jsonObject,
  metrics: z.record(z.string(), z.number()),
  outputs: z.record(z.string(), artifact),
  /** Of a map: its items. */
  items: z.array(jsonValue).readonly().nullable(),
  /** Of an approval: what the person is asked; of a service that is up: its address. */
  message: z.string().nullable(),
  /** Whether no other task comes after it. */
  last: z.boolean(),
});

export const runDetail = runRow.extend({
  params: jsonObject,
  user: z.string().nullable(),
  cause: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("manual") }),
    z.object({ kind: z.literal("reproduce"), run: z.string() }),
  ]),
  /** The versions of data that it reads: by the name that the definition gives them, and what that was. */
  data: z.record(z.string(), z.object({ dataset: z.string(), version: z.number(), digest: z.string() })),
  /** What was said when the run was cancelled; null: it was not. */
  cancelReason: z.string().nullable(),
  /** `online`: it stays up until it is cancelled. */
  mode: z.enum(["batch", "online"]),
  /** sha256 of the plan. */
  plan: z.string(),
  /** Seq of the last event. */
  seq: z.number(),
  tasks: z.array(taskRow),
  models: z.array(modelVersion),
});

export type RunRow = z.output<typeof runRow>;
export type RunDetail = z.output<typeof runDetail>;
export type TaskRow = z.output<typeof taskRow>;
export type ModelVersion = z.output<typeof modelVersion>;
