import * as z from "zod";
import { description } from "./text.ts";
import { applicationTracker } from "./tracker.ts";
import { collection, listedWorkflow, workflow } from "./workflow.ts";

const settings = {
  $schema: z.string().optional().describe("For editors."),
  application: z.string().describe("Name of the application."),
  description,
  main: z
    .string()
    .optional()
    .describe("The workflow that `scanflow run` runs when none is named. Default: the only one."),
  tracker: applicationTracker.optional(),
};

/** An application whose workflows are checked one by one; they are so even when it has no name. */
export const applicationShell = z.strictObject({
  ...settings,
  application: settings.application.optional(),
  workflows: collection(z.unknown(), z.unknown()),
});

/** A whole application: what stands in `scanflow.yaml`, and what the builders make. */
export const application = z
  .strictObject({
    ...settings,
    workflows: collection(workflow, listedWorkflow).describe("Its workflows, by name."),
  })
  .describe("A Scanflow application.");
