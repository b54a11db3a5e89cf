import { z } from "zod";
import { codedError, time } from "./values.ts";

const bytes = z.number().describe("In bytes.");
const named = z.string().describe("Of the dataset.");
const numbered = z.number().int().min(1);

/** Who may see it, from everybody to a few. */
export const sensitivity = z.enum(["public", "internal", "confidential", "restricted"]);

const column = z.object({
  name: z.string(),
  type: z
    .enum(["integer", "number", "boolean", "time", "text", "list", "object", "mixed", "empty"])
    .describe("As the first rows have it."),
});

/** What a table of text holds. */
export const dataSchema = z.object({
  format: z.enum(["csv", "jsonl"]),
  columns: z.array(column).readonly(),
});

export const dataVersion = z.object({
  version: numbered,
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe("`sha256:` and 64 hexadecimal digits."),
  kind: z.enum(["file", "folder"]),
  size: bytes.int().min(0),
  files: z.number().int().min(0),
  fileName: z.string().describe("What the file or folder was called."),
  schema: dataSchema.nullable().describe("null: not known."),
  note: z.string().nullable(),
  addedBy: z.string().nullable(),
  added: time,
});

export const dataset = z.object({
  name: z.string(),
  owner: z.string().nullable(),
  sensitivity,
  description: z.string().nullable(),
  told: time.describe("When owner, sensitivity and description were last said."),
  versions: z.array(dataVersion).readonly().describe("Newest first."),
});

export const addedData = z.object({
  dataset: named,
  created: z.boolean().describe("false: the content is that of the newest version, which is told."),
  version: dataVersion,
});

export const shownData = z.object({
  dataset: dataset.omit({ versions: true }),
  version: dataVersion,
  here: z.boolean().describe("Whether its content is in the store here."),
  versions: z.array(numbered).readonly().describe("All that are known here, newest first."),
});

const side = z.object({ dataset: named, version: numbered, digest: z.string() });

const tableChange = z.object({
  rowsBefore: z.number(),
  rowsAfter: z.number(),
  columnsBefore: z.number(),
  columnsAfter: z.number(),
  columnsAdded: z.array(z.string()).readonly(),
  columnsRemoved: z.array(z.string()).readonly(),
});

export const dataDifference = z.object({
  before: side,
  after: side,
  equal: z.boolean(),
  files: z
    .array(
      z.object({
        path: z.string(),
        change: z.enum(["added", "removed", "changed"]),
        sizeBefore: bytes.nullable(),
        sizeAfter: bytes.nullable(),
        table: tableChange.nullable().describe("Of a changed CSV or JSON lines file."),
      }),
    )
    .readonly(),
});

export const gotData = z.object({ dataset: named, version: numbered, digest: z.string(), path: z.string() });

export const removedData = z.object({ dataset: named, version: numbered, digest: z.string() });

const moved = z.object({
  dataset: named,
  version: numbered,
  digest: z.string(),
  objects: z.number().describe("Files and manifests that had to be sent or fetched."),
  bytes,
});

const ended = z.object({ kind: z.literal("failed"), error: codedError });

const copyProgress = z.object({
  kind: z.literal("progress"),
  files: z.number().describe("That are copied."),
  ofFiles: z.number(),
  bytes: bytes.describe("That are copied."),
  ofBytes: bytes,
});

/** What one hears as a file or folder is added. The last message is `done` or `failed`. */
export const dataAdding = z.discriminatedUnion("kind", [
  copyProgress,
  z.object({ kind: z.literal("done"), ...addedData.shape }),
  ended,
]);

/** What one hears as a version is put at a path. The last message is `done` or `failed`. */
export const dataGetting = z.discriminatedUnion("kind", [
  copyProgress,
  z.object({ kind: z.literal("done"), ...gotData.shape }),
  ended,
]);

const datasetStatus = z.object({
  dataset: named,
  version: numbered.describe("The newest."),
  path: z.string().nullable().describe("Where it was added from last; null: it was not added here."),
  state: z
    .enum(["unchanged", "changed", "gone", "unreadable", "unplaced"])
    .describe("How what lies at the path is to the newest version; `unplaced`: no path is known."),
  holds: numbered.nullable().describe("The version that lies at the path, if one does."),
  problem: z.string().nullable().describe("Why it is unreadable."),
  unpushed: z
    .array(numbered)
    .readonly()
    .nullable()
    .describe("The versions that the remote lacks, oldest first; null: no remote was asked."),
});

export const dataStatus = z.object({
  remote: z.string().nullable(),
  datasets: z.array(datasetStatus).readonly(),
});

/** What one hears of a push or a pull. The last message is `done` or `failed`. */
export const dataTransfer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("progress"),
    dataset: named,
    version: numbered,
    files: z.number().describe("Contents that are dealt with, sent or found there."),
    ofFiles: z.number(),
    bytes: bytes.describe("Of contents that are dealt with, so far."),
    ofBytes: bytes,
  }),
  z.object({ kind: z.literal("done"), remote: z.string(), moved: z.array(moved).readonly() }),
  ended,
]);

export type DataVersion = z.output<typeof dataVersion>;
export type DataSchema = z.output<typeof dataSchema>;
export type Dataset = z.output<typeof dataset>;
export type Sensitivity = z.output<typeof sensitivity>;
export type AddedData = z.output<typeof addedData>;
export type ShownData = z.output<typeof shownData>;
export type DataDifference = z.output<typeof dataDifference>;
export type CopyProgress = z.output<typeof copyProgress>;
export type DatasetStatus = z.output<typeof datasetStatus>;
export type DataStatus = z.output<typeof dataStatus>;
export type DataTransfer = z.output<typeof dataTransfer>;
