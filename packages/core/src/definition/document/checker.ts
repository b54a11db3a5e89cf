import * as z from "zod";
import { runnable } from "./runnable.ts";

export const checker = z
  .strictObject({
    kind: z.literal("checker"),
    ...runnable,
    failOn: z
      .enum(["never", "warning", "alarm", "invalid"])
      .optional()
      .describe('The least verdict status that fails the task. Default "never": the verdict is a value.'),
  })
  .describe(
    "Judges data or a model: writes its verdict (JSON) to the output `verdict`, which need not be listed.",
  )
  .meta({ id: "Checker" });
