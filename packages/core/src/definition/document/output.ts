import * as z from "zod";
import { description, mapping, names } from "./text.ts";

const outputType = z.enum(["any", "file", "folder", "json", "csv", "text", "image", "model"]);

const output = z.union(
  [
    z.string().min(1),
    z.strictObject({
      path: z
        .string()
        .min(1)
        .optional()
        .describe("File name that the command writes. Default: the output's name."),
      type: outputType.optional().describe('What it is. Default "any".'),
      optional: z.boolean().optional().describe("Whether it may be left unwritten. Default false."),
      register: z.string().optional().describe("Registers it as a new version of the model of this name."),
      description,
    }),
  ],
  { error: "expected a file name, or {path, type, optional, register, description}" },
);

export const outputs = z
  .union([names, mapping(output)], {
    error: "expected a list of names, or a mapping from names to file names",
  })
  .describe(
    "Artifacts that the command writes: a list of names, or a mapping from names to file names or settings.",
  )
  .meta({ id: "Outputs" });
