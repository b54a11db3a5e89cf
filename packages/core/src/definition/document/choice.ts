import * as z from "zod";
import { input } from "./input.ts";
import { shared } from "./node.ts";
import { expressionText, mapping, names } from "./text.ts";

const run = z
  .union([z.string(), names, z.strictObject({ firstOf: names.min(1) })], {
    error: "expected the name of a node, a list of names or {firstOf: names}",
  })
  .describe("Nodes beside it: one name, a list that runs one after the other, or {firstOf: […]}.");

const branch = z.strictObject({
  when: expressionText
    .optional()
    .describe("Taken when this is true; left out in the last branch: otherwise."),
  run: run.optional(),
  outputs: mapping(input)
    .optional()
    .describe(
      "What the choice's own outputs are when this branch is taken, the same names in every branch: outputs of nodes that ran before it or that this branch runs.",
    ),
});

export const choice = z
  .strictObject({
    kind: z.literal("choice").optional(),
    ...shared,
    choice: z
      .union([z.string(), z.array(branch).min(1)], {
        error: "expected text (if … run …, else …) or a list of branches",
      })
      .describe(
        "Text such as `if device is typeA run A, elif device is typeB run B1 or B2, else C1 then C2`, or a list of branches.",
      ),
  })
  .describe("Dynamic execution: the first branch whose condition holds is taken.")
  .meta({ id: "Choice" });
