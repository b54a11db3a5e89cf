import type { JsonObject } from "../json/json.ts";

const share = (description: string): JsonObject => ({ type: "number", minimum: 0, maximum: 1, description });
const pair = (description: string): JsonObject => ({
  type: "array",
  items: { type: "number" },
  minItems: 2,
  maxItems: 2,
  description,
});
const names: JsonObject = { type: "array", items: { type: "string" }, minItems: 1 };

const column: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["type"],
  properties: {
    type: { enum: ["number", "integer", "boolean", "text", "time", "tensor"] },
    required: { type: "boolean", default: true, description: "Whether the column has to be there." },
    severity: { enum: ["alarm", "warning"], default: "alarm" },
    missing: share("Greatest share of rows without a value."),
    range: pair("Least and greatest value."),
    outside: share("Greatest share of values outside of range; 0 when left out."),
    limits: pair("Farther out than this there may be no value at all."),
    nonFinite: share("Greatest share of values that are NaN or infinite."),
    beyond: {
      type: "object",
      additionalProperties: false,
      required: ["mean", "sd", "k", "share"],
      properties: {
        mean: { type: "number" },
        sd: { type: "number", exclusiveMinimum: 0 },
        k: { type: "number", exclusiveMinimum: 0 },
        share: share("Greatest share of values farther than k standard deviations from the mean."),
      },
    },
    values: {
      type: "array",
      items: { type: ["string", "number", "boolean"] },
      description: "The texts there may be.",
    },
    others: share("Greatest share of texts that are not in values; 0 when left out."),
    pattern: {
      type: "string",
      description: "email, date, time, uuid, url, integer, number, or a regular expression.",
    },
    unmatched: share("Greatest share of texts that are not written as the pattern says; 0 when left out."),
    length: pair("Fewest and most characters."),
    lengthOutside: share("Greatest share of texts of another length; 0 when left out."),
    numeric: share("Greatest share of texts that are written as numbers."),
    commonest: share("The share of the commonest value: a column with only one value is stuck."),
    shape: { type: "array", items: { type: "integer", minimum: 0 }, description: "Of one row of a tensor." },
    elements: { enum: ["integer", "number"], description: "Of a tensor: integer has no fractions." },
    peak: { type: "number", description: "Least that the greatest element of a tensor may be." },
    belowPeak: share("Greatest share of tensors below peak; 0 when left out."),
  },
};

/** The JSON Schema (2020-12) of a schema file, for editors that complete and check it while it is written. */
export const SCHEMA_JSON_SCHEMA: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Scanflow data schema",
  type: "object",
  additionalProperties: false,
  required: ["format", "version", "columns"],
  properties: {
    format: { const: "scanflow-schema" },
    version: { const: 1 },
    rows: { type: "integer", minimum: 0, description: "How many rows it was inferred from." },
    significance: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.01 },
    unknownColumns: { enum: ["alarm", "warning", "allow"], default: "warning" },
    label: { type: "string", description: "The column to be predicted." },
    classes: {
      type: "object",
      additionalProperties: pair("Least and greatest share of the class."),
    },
    duplicates: share("Greatest share of rows that repeat an earlier row."),
    conflicts: share("Greatest share of rows with the features of an earlier row and another label."),
    overlap: share("Greatest share of rows that are in the reference, too."),
    keys: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["columns"],
        properties: { columns: names, repeats: share("Greatest share of rows that repeat a key.") },
      },
    },
    correlations: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["columns", "range"],
        properties: { columns: { ...names, minItems: 2, maxItems: 2 }, range: pair("Least and greatest.") },
      },
    },
    columns: { type: "object", additionalProperties: column },
  },
};
