import * as z from "zod";
import { expressionText, json, mapping } from "./text.ts";

const concurrency = z
  .int()
  .min(1)
  .optional()
  .describe("Most instances at once. Default: as resources allow.");

export const map = z
  .union(
    [
      z.strictObject({
        over: z
          .union([z.array(json), z.strictObject({ expression: expressionText })], {
            error: "expected a list, or {expression: …} that gives one",
          })
          .describe("A list, or {expression: nodes.list.result.files}. The item is `item` in params."),
        concurrency,
      }),
      z.strictObject({
        sweep: mapping(z.array(json).min(1)).describe(
          "Every combination of these lists; the item is an object.",
        ),
        concurrency,
      }),
    ],
    { error: "expected {over: list} or {sweep: {name: list}}" },
  )
  .describe("Runs once per item of a list, or per combination of a sweep.")
  .meta({ id: "Map" });
