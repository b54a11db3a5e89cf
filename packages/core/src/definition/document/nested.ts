import * as z from "zod";
import { inputs } from "./input.ts";
import { map } from "./map.ts";
import { shared } from "./node.ts";
import { paramValues } from "./param.ts";

export const nested = z
  .strictObject({
    kind: z.literal("workflow").optional(),
    ...shared,
    workflow: z.string().describe("Name of the workflow that runs here."),
    inputs: inputs.optional(),
    params: paramValues.optional(),
    map: map.optional(),
  })
  .describe("A nested workflow.")
  .meta({ id: "NestedWorkflow" });
