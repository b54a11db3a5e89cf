import * as z from "zod";
import { description, expressionText, json, mapping } from "./text.ts";

const paramType = z.enum(["string", "integer", "number", "boolean", "list", "object"]);

const paramDefinition = z.strictObject({
  type: paramType.describe("What values it takes."),
  default: json.optional().describe("Its value when none is given; without one it must be given."),
  choices: z.array(json).min(1).optional().describe("The only values it may have."),
  min: z.number().optional().describe("The least value of an integer or number."),
  max: z.number().optional().describe("The greatest value of an integer or number."),
  description,
});

/** Parameters of a workflow. */
export const paramDefinitions = mapping(
  z.union([z.string(), z.number(), z.boolean(), z.array(json), paramDefinition], {
    error: "expected the default value, or {type, default, choices, min, max, description}",
  }),
)
  .describe(
    "Parameters: a literal is the default and gives the type (a whole number: integer, but 1.0 in YAML: number), or {type, default, …}. A default that is an object is written {type: object, default: {…}}.",
  )
  .meta({ id: "ParamDefinitions" });

/** Parameters of a node. */
export const paramValues = mapping(
  z.union([z.strictObject({ expression: expressionText }), z.strictObject({ literal: json }), json]),
)
  .describe(
    "Parameters: a literal, or {expression: params.seed * 2}. An object is taken as it is, unless its only key is `expression` or `literal`; {literal: {…}} gives its value as it is.",
  )
  .meta({ id: "ParamValues" });
