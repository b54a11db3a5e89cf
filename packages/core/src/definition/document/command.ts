import * as z from "zod";

export const command = z
  .union(
    [
      z.string().min(1),
      z.array(z.string()).min(1),
      z.strictObject({
        module: z.string().min(1).describe("Path of a TypeScript or JavaScript module."),
        export: z
          .string()
          .min(1)
          .optional()
          .describe('Name of the function that it exports. Default "default".'),
      }),
      z.strictObject({ notebook: z.string().min(1).describe("Path of an .ipynb file.") }),
    ],
    { error: "expected a command: a line for the shell, a list of words, {module: …} or {notebook: …}" },
  )
  .describe(
    "What runs: a line for the shell, a program with its arguments as a list, {module: steps/train.ts} or {notebook: explore.ipynb}. {{inputs.x}}, {{outputs.y}} and {{params.z}} may stand in a line or a word.",
  )
  .meta({ id: "Command" });
