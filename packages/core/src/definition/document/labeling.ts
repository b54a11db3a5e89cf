import * as z from "zod";
import { inputs } from "./input.ts";
import { shared } from "./node.ts";
import { outputs } from "./output.ts";

export const labeling = z
  .strictObject({
    kind: z.literal("labeling"),
    ...shared,
    message: z.string().optional().describe("What the person is asked."),
    inputs: inputs.optional(),
    outputs: outputs.optional(),
  })
  .describe("Waits for a person's labels.")
  .meta({ id: "Labeling" });
