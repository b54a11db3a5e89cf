import * as z from "zod";
import { description, expressionText } from "./text.ts";

const after = z
  .array(
    z.union(
      [
        z.string(),
        z.strictObject({
          node: z.string(),
          if: z
            .enum(["succeeded", "failed", "finished"])
            .optional()
            .describe('How it must have ended. Default "succeeded".'),
        }),
      ],
      { error: "expected the name of a node, or {node, if}" },
    ),
  )
  .describe(
    "Nodes beside it that must have ended first: names, or {node, if: succeeded | failed | finished}. A choice has ended when all that it chose has.",
  )
  .meta({ id: "After" });

/** What every node that becomes a task has. */
export const shared = {
  description,
  when: expressionText
    .optional()
    .describe("Runs only when this expression is true; else the node is skipped."),
  after: after.optional(),
};
