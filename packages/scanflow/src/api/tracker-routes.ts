import { z } from "zod";
import { postStream } from "./route.ts";
import { archivePath, codedError } from "./values.ts";

const count = z.number();

const progress = z.object({
  kind: z.literal("progress"),
  experiment: z.string(),
  done: count.describe("Runs, so far."),
  of: count,
});

const failed = z.object({ kind: z.literal("failed"), error: codedError });

const moved = { experiments: count, runs: count, loggedModels: count, versions: count, files: count };

export const trackerImport = z.discriminatedUnion("kind", [
  progress,
  z.object({
    kind: z.literal("done"),
    ...moved,
    elsewhere: count.describe("Runs and models whose files stay where they are."),
    present: count.describe("Runs that were here already."),
  }),
  failed,
]);

export const trackerExport = z.discriminatedUnion("kind", [
  progress,
  z.object({ kind: z.literal("done"), ...moved }),
  failed,
]);

export type TrackerProgress = z.output<typeof progress>;

/** The rows of the table about what moves into the application's own tracker and out of it. */
export const trackerRoutes = {
  import: postStream("/tracker/imports", {
    summary: "Takes over experiments, runs and models from another tracker.",
    input: z.object({
      from: z
        .string()
        .min(1)
        .describe(
          "The URL of a tracking server, or an absolute path on the owner's machine: an archive or MLflow's SQLite file.",
        ),
      artifactsFrom: z
        .string()
        .optional()
        .describe("Where the files of an SQLite file lie: an absolute path."),
      prefix: z.string().optional().describe("Put before the names of experiments and models."),
      into: z.string().optional().describe("The experiment that all runs go into."),
      credentials: z
        .object({
          username: z.string().optional(),
          password: z.string().optional(),
          token: z.string().optional(),
        })
        .optional()
        .describe("For a server."),
    }),
    output: trackerImport,
  }),
  export: postStream("/tracker/exports", {
    summary: "Writes experiments into an archive, with runs, models and files.",
    input: z.object({
      experiments: z.array(z.string().min(1)).min(1).describe("Their names."),
      out: archivePath,
    }),
    output: trackerExport,
  }),
  runsAsCsv: postStream("/tracker/tables", {
    summary: "The runs of an experiment as CSV, the newest first.",
    input: z.object({
      experiment: z.string().describe("Its name."),
      filter: z.string().optional().describe("Only runs such as `metrics.accuracy > 0.9`."),
    }),
    output: z.object({ row: z.string().describe("With its line break; the first has the names.") }),
  }),
} as const;
