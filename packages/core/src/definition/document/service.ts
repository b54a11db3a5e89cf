import * as z from "zod";
import { runnable } from "./runnable.ts";
import { port } from "./text.ts";

const replicas = z.int().min(1).max(10_000);

const HEALTH_FORM = "expected a path of its address, such as /health";

export const service = z
  .strictObject({
    kind: z.literal("service"),
    ...runnable,
    port: port.optional().describe("Port on which it answers."),
    replicas: replicas.optional().describe("How many run side by side. Default 1."),
    maxReplicas: replicas
      .nullish()
      .describe("How many may run side by side where the platform scales it by load. Default: as replicas."),
    health: z
      .string({ error: HEALTH_FORM })
      .regex(/^\/[\w.~!$&'()*+,;=:@%/?-]*$/, HEALTH_FORM)
      .nullish()
      .describe(
        "Path that answers 200 to 399 once it can be asked, such as /health. Default: it can be asked once its port takes connections.",
      ),
  })
  .describe("Stays up and answers predictions.")
  .meta({ id: "Service" });
