import type { Plan } from "@scanflow/core";
import { z } from "zod";
import { dataRoutes } from "./data-routes.ts";
import { lineage } from "./lineage.ts";
import { get, post, stream } from "./route.ts";
import { modelVersion, runDetail, runRow } from "./run.ts";
import { trackerRoutes } from "./tracker-routes.ts";
import { comparison, garbage, packed, packedImages, purged, purgeTarget, wiped } from "./upkeep.ts";
import { archivePath, count, flag, jsonObject, runId, taskId } from "./values.ts";
import { taskVerdict } from "./verdict.ts";
import { logMessage, logPage, runEvent, watchMessage, why } from "./watch.ts";

const ofRun = z.object({ run: runId });
const started = z.object({ run: z.string(), seq: z.number().describe("Of the last event before it.") });

/** Everything that an owner answers. The client, the validation and the OpenAPI document are made from this table. */
export const routes = {
  health: {
    show: get("/health", {
      summary: "Whether the owner is there, and which it is.",
      input: z.object({}),
      output: z.object({
        version: z.string(),
        pid: z.number(),
        root: z.string(),
        url: z.string().nullable(),
        tracker: z
          .string()
          .nullable()
          .describe("The application's tracker: the owner itself, or one elsewhere."),
      }),
    }),
  },
  runs: {
    list: get("/runs", {
      summary: "Runs, newest first.",
      input: z.object({ workflow: z.string().optional(), limit: count.optional() }),
      output: z.array(runRow),
    }),
    show: get("/runs/:run", {
      summary: "A run with its tasks, results, metrics, artifacts and registered models.",
      input: ofRun,
      output: runDetail,
    }),
    plan: get("/runs/:run/plan", {
      summary: "The plan that a run carries out.",
      input: ofRun,
      output: z.looseObject({ version: z.literal(1) }) as unknown as z.ZodType<Plan, Plan>,
    }),
    start: post("/runs", {
      summary: "Starts a run of a workflow.",
      input: z.object({
        run: z
          .string()
          .regex(/^[0-9a-hjkmnp-tv-z]{14}$/)
          .optional()
          .describe(
            "An id that the caller made: asked for again, after an answer that was lost, it is the same run.",
          ),
        workflow: z.string().optional().describe("The application's main workflow when none is named."),
        params: jsonObject.optional(),
        texts: z
          .record(z.string(), z.string())
          .optional()
          .describe(
            "Params as they are typed on a command line: read by the type that each is declared with.",
          ),
        cache: z
          .boolean()
          .optional()
          .describe("Whether unchanged tasks are taken from the cache; default true."),
        user: z.string().nullable().optional(),
      }),
      output: started.extend({ warnings: z.array(z.string()).describe("Hints about the definition.") }),
    }),
    resume: post("/runs/:run/resume", {
      summary: "Takes up a run that was interrupted or paused.",
      input: ofRun,
      output: started,
    }),
    retry: post("/runs/:run/retry", {
      summary: "Runs failed tasks again (all, or those named), and what hangs on them.",
      input: ofRun.extend({ tasks: z.array(taskId).optional() }),
      output: started,
    }),
    pause: post("/runs/:run/pause", {
      summary: "Starts no more tasks of a run; those that run go on to their end.",
      input: ofRun,
      output: started,
    }),
    cancel: post("/runs/:run/cancel", {
      summary: "Ends a run and everything that runs of it.",
      input: ofRun.extend({ reason: z.string().optional() }),
      output: started,
    }),
    decide: post("/runs/:run/decisions", {
      summary: "Says yes or no where a run waits for a person.",
      input: ofRun.extend({
        task: taskId,
        approved: z.boolean(),
        by: z.string(),
        comment: z.string().optional(),
      }),
      output: started,
    }),
    events: get("/runs/:run/events", {
      summary: "Events of a run after a seq, in order.",
      input: ofRun.extend({ after: count.optional(), limit: count.optional() }),
      output: z.array(runEvent),
    }),
    watch: stream("/runs/:run/watch", {
      summary: "Events of a run and the lines its tasks write, as they come, until it rests.",
      input: ofRun.extend({
        after: count.optional().describe("Only events after this seq."),
        lines: flag.optional().describe("Whether to hear the tasks' lines; default true."),
        until: z.enum(["rest", "end"]).optional().describe("`end`: do not stop where it waits or is paused."),
      }),
      output: watchMessage,
    }),
    log: get("/runs/:run/log", {
      summary: "A page of the log of a task's attempt.",
      input: ofRun.extend({
        task: taskId,
        attempt: count.optional().describe("The last one when none is given."),
        offset: count.optional().describe("In bytes."),
        limit: count.optional().describe("In bytes; at most 1 MiB, which is the default."),
      }),
      output: logPage,
    }),
    followLog: stream("/runs/:run/log/follow", {
      summary: "The log of a task as it grows, through its later attempts too, until the task ends.",
      input: ofRun.extend({ task: taskId, attempt: count.optional() }),
      output: logMessage,
    }),
    why: get("/runs/:run/why", {
      summary: "Why a task ran, was skipped or was taken from the cache.",
      input: ofRun.extend({ task: taskId }),
      output: why,
    }),
    verdicts: get("/runs/:run/verdicts", {
      summary: "What the checkers of a run found, with the evidence; of those that failed by it, too.",
      input: ofRun.extend({ task: taskId.optional().describe("Only this checker.") }),
      output: z.array(taskVerdict),
    }),
    models: get("/runs/:run/models", {
      summary: "Versions of models that a run registered.",
      input: ofRun,
      output: z.array(modelVersion),
    }),
    reproduce: post("/runs/:run/reproduce", {
      summary: "Runs a recorded run again from its recorded inputs, with nothing from the cache.",
      input: ofRun.extend({ user: z.string().nullable().optional() }),
      output: started.extend({ notes: z.array(z.string()).readonly().describe("What is not as it was.") }),
    }),
    compare: get("/runs/:run/comparison", {
      summary: "How a run came out beside another: status, outputs, results and metrics of each task.",
      input: ofRun.extend({ with: runId.optional().describe("Default: the run that it reproduces.") }),
      output: comparison,
    }),
  },
  lineage: {
    show: get("/lineage", {
      summary:
        "Which task made something, of what, with which code, environment and params, for whom and when.",
      input: z.object({
        subject: z
          .string()
          .min(1)
          .describe(
            "`models:/NAME/VERSION`, `models:/NAME@ALIAS`, `RUN`, `RUN/TASK`, `RUN/TASK/OUTPUT`, `sha256:…` or `runs:/TRACKER_RUN/PATH`.",
          ),
      }),
      output: lineage,
    }),
  },
  data: dataRoutes,
  tracker: trackerRoutes,
  upkeep: {
    collect: post("/garbage", {
      summary: "Drops the runs that are chosen, then removes what nothing refers to.",
      input: z.object({
        olderThanMs: count.optional().describe("Drop runs that ended longer ago."),
        keepRuns: count.optional().describe("Drop all but the newest so many of each workflow."),
        runs: z.array(runId).optional().describe("Drop these, whatever became of them."),
        graceMs: count.optional().describe("What is younger stays; default one hour."),
        environments: flag.optional().describe("Remove Python environments too."),
        dryRun: flag.optional().describe("Say what would be removed, and remove nothing."),
      }),
      output: garbage,
    }),
    wipe: post("/wipe", {
      summary: "Removes every trace of a workflow or of the application.",
      input: z.object({
        workflow: z.string().nullable().describe("null: the whole application."),
        dryRun: flag.optional().describe("Say what would be removed, and remove nothing."),
      }),
      output: wiped,
    }),
    purge: post("/purge", {
      summary: "Removes things for good from the application's trackers.",
      input: z.object({
        target: purgeTarget,
        dryRun: flag.optional().describe("Say what would be removed, and remove nothing."),
      }),
      output: purged,
    }),
    pack: post("/pack", {
      summary: "Writes the application into an archive.",
      input: z.object({
        out: archivePath,
        runs: z.union([z.enum(["all", "none"]), z.array(runId)]).describe("Runs that come along."),
        artifacts: flag.optional().describe("Whether what they made comes along."),
        images: packedImages.optional().describe("Images that come along."),
      }),
      output: packed,
    }),
  },
} as const;

export type Routes = typeof routes;
