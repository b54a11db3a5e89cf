import { z } from "zod";
import {
  dataAdding,
  dataDifference,
  dataGetting,
  dataStatus,
  dataset,
  dataTransfer,
  removedData,
  sensitivity,
  shownData,
} from "./data.ts";
import { get, post, postStream } from "./route.ts";
import { flag } from "./values.ts";

const versionName = z
  .string()
  .min(1)
  .describe("`NAME@VERSION`, such as `digits@3`; `NAME` is the newest version.");

const transferName = z.string().optional().describe("`NAME@VERSION` or `NAME`; default: every dataset.");
const remote = z
  .string()
  .optional()
  .describe("`file:///FOLDER` or `s3://BUCKET/PREFIX`; default: the one used last.");

/** The rows of the table about versions of data. */
export const dataRoutes = {
  add: postStream("/data", {
    summary: "Stores a file or folder as the next version of a dataset, unless the newest has that content.",
    input: z.object({
      path: z.string().describe("Of the file or folder: an absolute path on the owner's machine."),
      name: z.string().optional().describe("Of the dataset; default: the file's or folder's."),
      owner: z.string().optional(),
      sensitivity: sensitivity.optional().describe("Default of a new dataset: internal."),
      description: z.string().optional(),
      note: z.string().optional().describe("Of this version."),
      user: z.string().nullable().optional(),
    }),
    output: dataAdding,
  }),
  list: get("/data", {
    summary: "Datasets with their versions.",
    input: z.object({
      query: z.string().optional().describe("Words that all stand in what is known of a dataset."),
    }),
    output: z.array(dataset),
  }),
  show: get("/data/version", {
    summary: "A version of a dataset.",
    input: z.object({ version: versionName }),
    output: shownData,
  }),
  diff: get("/data/difference", {
    summary: "What is different between two versions.",
    input: z.object({
      before: versionName.describe("Without `after`: this version is compared with the one before it."),
      after: versionName.optional(),
    }),
    output: dataDifference,
  }),
  get: postStream("/data/copies", {
    summary: "Puts a version's content at a path.",
    input: z.object({
      version: versionName,
      path: z.string().describe("An absolute path on the owner's machine, where nothing lies."),
    }),
    output: dataGetting,
  }),
  status: get("/data/status", {
    summary:
      "Whether what lies where datasets were added from is their newest version, and what is not pushed.",
    input: z.object({
      remote: z.string().optional().describe("`file:///FOLDER` or `s3://BUCKET/PREFIX`, to be asked too."),
      lastRemote: flag.optional().describe("Ask the remote that was used last."),
    }),
    output: dataStatus,
  }),
  remove: post("/data/removals", {
    summary: "Forgets a version; a collection then removes its content.",
    input: z.object({ version: versionName }),
    output: removedData,
  }),
  push: postStream("/data/pushes", {
    summary: "Sends versions to a remote: one, all of a dataset, or all; what is there is not sent again.",
    input: z.object({
      name: transferName,
      remote,
    }),
    output: dataTransfer,
  }),
  pull: postStream("/data/pulls", {
    summary: "Fetches versions from a remote: one, the newest of a dataset, or the newest of each.",
    input: z.object({
      name: transferName,
      remote,
      all: flag.optional().describe("The older versions too."),
    }),
    output: dataTransfer,
  }),
} as const;
