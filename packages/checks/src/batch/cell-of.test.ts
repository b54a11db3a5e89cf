import { expect, test } from "vitest";
import { batchOf } from "./batch-of.ts";
import { cellOf } from "./cell-of.ts";
import type { Column } from "./column.ts";

const columns = batchOf({
  number: [1.5, Number.POSITIVE_INFINITY, null],
  text: ["a", "b", null],
  boolean: [true, false, null],
}).columns;

test.each([
  ["number", [1.5, "Infinity", null]],
  ["text", ["a", "b", null]],
  ["boolean", [true, false, null]],
])("a %s is shown as it is, and null where it is missing", (name, shown) => {
  const column = columns.find((own) => own.name === name) as Column;
  expect([0, 1, 2].map((row) => cellOf(column, row))).toEqual(shown);
});

test("a time is a date, as far as dates go", () => {
  const values = Float64Array.of(0, 1e300);
  const column: Column = { kind: "time", name: "at", validity: null, values };
  expect([0, 1].map((row) => cellOf(column, row))).toEqual(["1970-01-01T00:00:00.000Z", 1e300]);
});

test("an array is no cell", () => {
  const column: Column = {
    kind: "tensor",
    name: "x",
    validity: null,
    shape: [1],
    values: Float32Array.of(1),
  };
  expect(cellOf(column, 0)).toBeNull();
});
