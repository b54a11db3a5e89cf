import { z } from "zod";
import { sensitivity } from "./data.ts";
import { jsonObject, jsonValue, time } from "./values.ts";

const digest = z.string().describe("`sha256:` and 64 hexadecimal digits.");
const bytes = z.number().nullable().describe("In bytes; null when it is not in the store any more.");
const person = z.string().nullable().describe("null: not known.");
const named = { id: z.string() };

const model = z.object({
  ...named,
  kind: z.literal("model"),
  name: z.string(),
  version: z.number(),
  aliases: z.array(z.string()).readonly(),
  stage: z.string(),
  registered: time,
  source: z.string(),
  description: z.string().nullable(),
});

const artifact = z.object({
  ...named,
  kind: z.literal("artifact"),
  name: z.string().describe("Of the output, or the path at which a script logged it."),
  path: z.string().describe("File name that was declared for it."),
  digest,
  format: z.enum(["file", "folder"]).nullable(),
  size: bytes,
});

/** Where everything begins: a file or folder beside the config, as it was when a task read it. */
const file = z.object({
  ...named,
  kind: z.literal("file"),
  path: z.string(),
  digest,
  size: bytes,
  data: z
    .array(z.object({ dataset: z.string(), version: z.number(), owner: person, sensitivity }))
    .readonly()
    .describe("The versions of data in the catalog that have this content."),
});

/** Where everything begins that reads from the catalog: a version of a dataset, as it was when the run was made. */
const data = z.object({
  ...named,
  kind: z.literal("data"),
  dataset: z.string(),
  version: z.number(),
  digest,
  size: bytes,
  owner: person,
  sensitivity: sensitivity.nullable().describe("null: the version was forgotten since."),
  addedBy: person,
  added: time.nullable(),
  note: z.string().nullable(),
});

/** Data that a script said it read (`mlflow.log_input`). */
const dataset = z.object({
  ...named,
  kind: z.literal("dataset"),
  name: z.string(),
  digest: z.string(),
  source: z.string(),
});

const attempt = z.object({
  ...named,
  kind: z.literal("attempt"),
  run: z.string(),
  application: z.string(),
  workflow: z.string(),
  task: z.string(),
  box: z.string().describe("The nested workflow that the task stands in; empty at the top."),
  attempt: z.number(),
  status: z.enum(["running", "succeeded", "failed", "cancelled", "unknown"]),
  recorded: z.boolean().describe("false: the run that it belongs to was removed since."),
  user: person,
  started: time.nullable(),
  ended: time.nullable(),
  command: z.string(),
  code: z.record(z.string(), z.string()).describe("Digest of each file of its code."),
  environment: z.object({
    summary: z.string(),
    definition: z.string().describe("What its files held, such as the requirements."),
    digest,
    image: z.string().nullable().describe("Id or digest of the image that it ran in, where it ran in one."),
  }),
  params: jsonObject,
  item: jsonValue.optional(),
  key: z.string().nullable().describe("The digest by which the cache knows it."),
  plan: z.string().describe("sha256 of the run's plan."),
  trackerRun: z.string(),
});

/** Why it came to that: a choice took a branch, or a person said yes. */
const decision = z.object({
  ...named,
  kind: z.literal("decision"),
  run: z.string(),
  task: z.string(),
  what: z.enum(["choice", "approval"]),
  reason: z.string().describe("The condition of the branch, with what it read; or the person's comment."),
  by: person,
  time: time.nullable(),
});

/** A run of the tracker that no workflow started. */
const script = z.object({
  ...named,
  kind: z.literal("script"),
  name: z.string(),
  user: person,
  started: time.nullable(),
  ended: time.nullable(),
  source: z.string().nullable(),
  commit: z.string().nullable(),
  repository: z.string().nullable(),
  params: z.record(z.string(), z.string()),
});

export const lineageNode = z.discriminatedUnion("kind", [
  model,
  artifact,
  file,
  data,
  dataset,
  attempt,
  decision,
  script,
]);

export const lineageEdge = z.object({
  from: z.string().describe("Id of the node that was there first."),
  to: z.string(),
  kind: z
    .enum(["used", "generated", "derived", "informed", "decided"])
    .describe(
      "`used`: an attempt read it; `generated`: an attempt wrote it; `derived`: it holds it; `informed`: a value was read of it; `decided`: it let it happen.",
    ),
  name: z.string().describe("Of the input, the output or the entry of a folder."),
  cachedIn: z
    .string()
    .nullable()
    .describe("The run that took the artifact from the cache instead of making it again."),
});

export const lineage = z.object({
  subjects: z.array(z.string()).readonly().describe("Ids of the nodes that were asked about."),
  nodes: z.array(lineageNode).readonly().describe("Newest first: each before what it was made from."),
  edges: z.array(lineageEdge).readonly(),
});

export type Lineage = z.output<typeof lineage>;
export type LineageNode = z.output<typeof lineageNode>;
export type LineageEdge = z.output<typeof lineageEdge>;
