import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { datasetOf } from "../checker/dataset-of.ts";
import { inferSchema } from "./infer-schema.ts";
import { SCHEMA_JSON_SCHEMA } from "./json-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { writeSchema } from "./write-schema.ts";

const rows = Array.from({ length: 200 }, (_, row) => row);
const schema = await inferSchema(
  datasetOf(
    "t",
    batchOf({ age: rows.map((row) => row % 60), "on: #": rows.map((row) => ["no", "7", "a"][row % 3]) }),
  ),
);

test("a schema survives its JSON file unchanged", () => {
  expect(parseSchema(writeSchema(schema, "json"))).toEqual(schema);
});

test("the YAML file has a rule a line, quotes what YAML would misread, and says what a share is", () => {
  const text = writeSchema(schema);
  expect(text).toMatch(/^# What data of this source must be like/);
  expect(text).toContain("  age:\n    type: integer\n");
  expect(text).toContain("    range: [0, 59]\n");
  expect(text).toContain('  "on: #":\n    type: text\n');
  expect(text).toContain('values: ["7", a, "no"]');
});

describe("a file that is wrong is refused, with the place", () => {
  const column = (fields: object) => ({ format: "scanflow-schema", version: 1, columns: { age: fields } });
  test.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /is not JSON/],
    ["no object", [1], /is \[1\], not an object/],
    ["another format", { format: "other" }, /"format" is "other"/],
    ["a later version", { format: "scanflow-schema", version: 9, columns: {} }, /"version" is 9/],
    ["no columns", { format: "scanflow-schema", version: 1 }, /"columns" is missing/],
    ["a misspelt field", column({ type: "number", rnage: [1, 2] }), /"columns.age.rnage" is no field/],
    ["a column without type", column({ missing: 0 }), /"columns.age.type" is missing/],
    ["a type that is none", column({ type: "float" }), /"columns.age.type" is "float", not one of number/],
    ["a share above 1", column({ type: "text", missing: 5 }), /"columns.age.missing" is 5, not a share/],
    ["a range upside down", column({ type: "number", range: [9, 1] }), /"columns.age.range" is \[9,1\]/],
    ["a pattern that is none", column({ type: "text", pattern: "(" }), /"pattern" is "\("/],
    ["a label that is no column", { ...column({ type: "text" }), label: "y" }, /"label" is "y", not one of/],
    [
      "a key of nothing",
      { ...column({ type: "text" }), keys: [{ columns: [] }] },
      /"keys\[0\].columns" is \[\]/,
    ],
  ])("%s", (_, document, message) => {
    expect(() => parseSchema(document)).toThrow(message);
    expect(() => parseSchema(document)).toThrow(expect.objectContaining({ code: "SCANFLOW_SCHEMA_INVALID" }));
  });
});

test("values that a YAML reader makes numbers of are texts again", () => {
  const read = parseSchema({
    format: "scanflow-schema",
    version: 1,
    columns: { code: { type: "text", values: [1, true, "x"] } },
  });
  expect(read.columns.code?.values).toEqual(["1", "true", "x"]);
});

test("editors know the same fields as the reader", () => {
  const known = (message: RegExp, document: unknown) => {
    try {
      parseSchema(document);
    } catch (error) {
      return (message.exec((error as Error).message)?.[1] ?? "").split(", ").sort();
    }
    return [];
  };
  const { properties } = SCHEMA_JSON_SCHEMA as { properties: Record<string, never> };
  const column = (properties.columns as unknown as { additionalProperties: { properties: object } })
    .additionalProperties;
  expect(known(/which has (.*?)\./, { nothing: 1 })).toEqual(Object.keys(properties).sort());
  expect(
    known(/which has (.*?)\./, { format: "scanflow-schema", version: 1, columns: { a: { nothing: 1 } } }),
  ).toEqual(Object.keys(column.properties).sort());
});
