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
      z.strictObject({
        project: z.string().min(1).describe("Path of a folder with an MLproject file."),
        entry: z.string().min(1).optional().describe('Name of its entry point. Default "main".'),
      }),
    ],
    {
      error:
        "expected a command: a line for the shell, a list of words, {module: …}, {notebook: …} or {project: …}",
    },
  )
  .describe(
    "What runs: a line for the shell, a program with its arguments as a list, {module: steps/train.ts}, {notebook: explore.ipynb} or {project: training, entry: main}. {{inputs.x}}, {{outputs.y}} and {{params.z}} may stand in a line or a word.",
  )
  .meta({ id: "Command" });
