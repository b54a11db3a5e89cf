import * as z from "zod";
import { json, mapping } from "./text.ts";

export const schedules = z
  .array(
    z
      .strictObject({
        cron: z
          .string({ error: 'expected five fields as text, such as "30 2 * * MON-FRI"' })
          .describe(
            "When: five fields for minute, hour, day of the month, month and day of the week (Sunday is 0), each `*`, values, ranges or steps: `30 2 * * MON-FRI`.",
          ),
        timezone: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Time zone of the IANA database that it is told in, such as "Europe/Madrid". Default "UTC".',
          ),
        params: mapping(json).optional().describe("Parameters of the runs; the others keep their defaults."),
      })
      .meta({ id: "Schedule" }),
  )
  .describe("When it runs by itself.")
  .meta({ id: "Schedules" });
