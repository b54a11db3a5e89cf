import { z } from "zod";
import { jsonObject } from "./values.ts";

/** What a checker of a run found: its verdict as it was stored, with the task. */
export const taskVerdict = z.object({
  task: z.string(),
  status: z.enum(["ok", "warning", "alarm", "invalid"]),
  kind: z.string().describe("Such as drift, integrity, performance or fairness."),
  message: z.string().describe("What was found, and what to do."),
  columns: z.array(z.string()).readonly().describe("Those that brought it about."),
  evidence: z.record(z.string(), jsonObject).describe("By column, metric or test: its status, and why."),
  figures: z.array(jsonObject).describe("Pictures as data: see Figure of @scanflow/checks."),
});

export type TaskVerdict = z.output<typeof taskVerdict>;
