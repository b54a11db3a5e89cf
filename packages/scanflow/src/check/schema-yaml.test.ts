import { parseSchema, type Schema, writeSchema } from "@scanflow/checks/validation";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";

const text = fc.oneof(
  fc.string({ unit: "binary" }).map((units) => units.toWellFormed()),
  fc.constantFrom(
    "no",
    "7",
    "a: b",
    "- x",
    "#",
    " ",
    "~",
    "1e3",
    "2024-01-01",
    "<<",
    "\u2028",
    "a #b",
    "Null",
  ),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const column = fc.record({ type: fc.constant("text" as const), values: fc.array(text), others: share });
const name = text.filter((own) => own !== "" && own !== "__proto__");

test("a schema of any names and values survives its YAML file", () => {
  fc.assert(
    fc.property(fc.dictionary(name, column), fc.array(fc.array(name, { minLength: 1 })), (columns, keys) => {
      const schema: Schema = {
        format: "scanflow-schema",
        version: 1,
        rows: 3,
        keys: keys.map((own) => ({ columns: own, repeats: 0.5 })),
        columns,
      };
      expect(parseSchema(parse(writeSchema(schema)))).toEqual(schema);
    }),
  );
});
