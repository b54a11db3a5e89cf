import * as z from "zod";
import { runnable } from "./runnable.ts";
import { port } from "./text.ts";

export const service = z
  .strictObject({
    kind: z.literal("service"),
    ...runnable,
    port: port.optional().describe("Port on which it answers."),
    replicas: z.int().min(1).max(10_000).optional().describe("How many run side by side. Default 1."),
  })
  .describe("Stays up and answers predictions.")
  .meta({ id: "Service" });
