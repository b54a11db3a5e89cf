import * as z from "zod";
import { duration } from "./duration.ts";

const limit = z.union([duration, z.null()], { error: 'expected a duration such as "10m", or null for none' });

export const timeout = z
  .union(
    [
      duration,
      z.strictObject({
        start: limit.optional().describe("From being scheduled to the command's start. Default: none."),
        run: limit.optional().describe("From the command's start to its end. Default: none."),
        heartbeat: limit
          .optional()
          .describe("The longest silence of SCANFLOW_HEARTBEAT_FILE. Default: none asked for."),
      }),
    ],
    { error: 'expected the longest run as a duration such as "10m", or {start, run, heartbeat}' },
  )
  .describe("How long an attempt may take: a duration for its run, or all limits.")
  .meta({ id: "Timeout" });
