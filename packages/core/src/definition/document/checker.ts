import * as z from "zod";
import { runnable } from "./runnable.ts";

export const checker = z
  .strictObject({
    kind: z.literal("checker").optional(),
    ...runnable,
    run: runnable.run.optional(),
    check: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Instead of run: a checker that is built in, by its name (see `scanflow check --list`), a module such as checkers/age.ts, or a command. It judges the input `current` by the input `reference`.",
      ),
    failOn: z
      .enum(["never", "warning", "alarm", "invalid"])
      .optional()
      .describe('The least verdict status that fails the task. Default "never": the verdict is a value.'),
  })
  .describe(
    "Judges data or a model: writes its verdict (JSON) to the output `verdict`, which need not be listed.",
  )
  .meta({ id: "Checker" });
