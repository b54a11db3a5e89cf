import * as z from "zod";
import { inputs } from "./input.ts";
import { shared } from "./node.ts";

export const approval = z
  .strictObject({
    kind: z.literal("approval"),
    ...shared,
    message: z.string().optional().describe("What the person is asked."),
    inputs: inputs.optional().describe("Artifacts shown to the person."),
  })
  .describe("Waits until a person says yes or no.")
  .meta({ id: "Approval" });
