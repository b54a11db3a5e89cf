import * as z from "zod";
import { dataNamePattern } from "../data-name.ts";
import { mapping } from "./text.ts";

export const reference = z
  .string({ error: "expected a reference: node.output, or inputs.name" })
  .describe("`node.output` of a node beside it, or `inputs.name` of the workflow around it.");

export const input = z
  .union(
    [
      reference,
      z.strictObject({
        file: z.string().min(1).describe("A file or folder, relative to the config's folder."),
      }),
      z.strictObject({
        data: z
          .string()
          .describe("A version of a dataset: `digits@2`, or `digits` for the newest when the run is made.")
          .meta({ pattern: dataNamePattern }),
      }),
      z.strictObject({
        first: z
          .array(reference)
          .min(1)
          .describe("The first of these that was produced: the join after a choice."),
      }),
    ],
    { error: "expected node.output, inputs.name, {file: path}, {data: name} or {first: [references]}" },
  )
  .describe(
    "Where an input comes from: a reference, {file: data/digits.csv}, {data: digits@2} or {first: [a.model, b.model]}.",
  )
  .meta({ id: "Input" });

export const inputs = mapping(input)
  .describe("Artifacts that lie ready before the command starts, by name.")
  .meta({ id: "Inputs" });
