import * as z from "zod";
import { duration } from "./duration.ts";

const limit = z.int().min(0).max(1000);

export const retry = z
  .union(
    [
      limit,
      z.strictObject({
        limit: limit.optional().describe("Tries after the first. Default 0."),
        delay: duration.optional().describe('Before the second try. Default "1s".'),
        factor: z
          .number()
          .min(1)
          .max(1000)
          .optional()
          .describe("Each delay is the one before times this. Default 2."),
        maxDelay: duration.optional().describe('The longest delay. Default "5m".'),
        jitter: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe("Share of the delay drawn at random. Default 0.2."),
      }),
    ],
    { error: "expected the number of tries after the first, or {limit, delay, factor, maxDelay, jitter}" },
  )
  .describe("Tries again after a failure: a number of further tries, or all settings.")
  .meta({ id: "Retry" });
