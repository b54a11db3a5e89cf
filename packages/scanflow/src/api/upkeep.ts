import { z } from "zod";
import { runStatus, taskStatus } from "./run.ts";

const bytes = z.number().describe("In bytes.");
const folders = z.object({ folders: z.number(), bytes });
const swept = z.object({ files: z.number(), bytes });

/** What a collection removed, or would remove. */
export const garbage = z.object({
  runs: z.array(z.string()).readonly(),
  keptForModels: z
    .array(z.string())
    .readonly()
    .describe("Runs that stay, since a model that they registered is still there."),
  artifacts: swept,
  logs: folders,
  checkpoints: folders,
  work: folders,
  environments: folders,
});

/** What a wipe removed, or would remove. */
export const wiped = z.object({
  workflow: z.string().nullable().describe("null: the whole application."),
  runs: z.number(),
  events: z.number(),
  trackerRuns: z.number(),
  modelVersions: z.record(z.string(), z.number()).readonly().describe("How many, by the model's name."),
  dataVersions: z.number().describe("Of datasets; they belong to the application."),
  artifacts: swept,
  folders,
});

const ids = z.array(z.string()).readonly();

/** What is to be purged from the application's trackers. */
export const purgeTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("runs"), runIds: ids.describe("Runs of a tracker.") }),
  z.object({ kind: z.literal("experiment"), name: z.string() }),
  z.object({ kind: z.literal("model"), name: z.string() }),
  z.object({ kind: z.literal("versions"), name: z.string(), versions: ids }),
  z.object({ kind: z.literal("deleted"), olderThanMs: z.number().min(0) }),
]);

/** What a purge removed, or would remove. */
export const purged = z.object({
  experiments: ids,
  runIds: ids,
  models: ids.describe("Registered models that went whole."),
  versions: ids.describe("All versions that went, as `name/version`."),
  loggedModels: ids,
  holders: ids.describe("Runs that stay and hold files of these versions."),
  kept: z
    .array(
      z.object({ kind: z.enum(["run", "experiment", "logged model"]), name: z.string(), why: z.string() }),
    )
    .readonly()
    .describe("What was deleted, but stays."),
  files: z.number(),
  bytes,
  young: z.number().describe("Files that stay for now, since they are too young."),
});

export const packedImages = z.object({
  archive: z.string().describe("Path of an archive as docker save writes it (absolute)."),
  list: z
    .array(
      z.object({
        ref: z.string().describe("The name that tasks use."),
        saved: z.string().describe("The name in the archive."),
      }),
    )
    .readonly(),
});

export const packed = z.object({
  out: z.string(),
  application: z.string(),
  bytes,
  files: z.number(),
  runs: z.array(z.string()).readonly(),
  artifacts: z.number(),
  data: z.array(z.string()).readonly().describe("Versions of data that workflows name, such as digits@2."),
  images: z.array(z.string()).readonly().describe("Names of images."),
  leftOut: z
    .array(z.string())
    .readonly()
    .describe("Paths that lie outside the folder or are not there, and versions of data that are not here."),
});

const difference = z.object({
  what: z.string().describe("Such as `status`, `output model`, `result rows`, `metric accuracy`."),
  before: z.string(),
  after: z.string(),
  detail: z.string().nullable().describe("Where contents first differ."),
});

const taskComparison = z.object({
  task: z.string(),
  equal: z.boolean(),
  status: taskStatus.nullable(),
  cause: z
    .enum(["code", "inputs", "itself"])
    .nullable()
    .describe(
      "What it is made of changed; it was given something else; or neither: it does not always give the same.",
    ),
  changed: z.array(z.string()).readonly().describe("What it is made of and changed since."),
  differences: z.array(difference).readonly(),
});

const side = z.object({ run: z.string(), status: runStatus });

export const comparison = z.object({
  before: side,
  after: side,
  equal: z.boolean(),
  tasks: z.array(taskComparison).readonly(),
});

export type Garbage = z.output<typeof garbage>;
export type Wiped = z.output<typeof wiped>;
export type Purged = z.output<typeof purged>;
export type Packed = z.output<typeof packed>;
export type Comparison = z.output<typeof comparison>;
