import { expect, test } from "vitest";
import { batchOf } from "./batch-of.ts";
import { checkBatch } from "./check-batch.ts";
import type { Column } from "./column.ts";

const numbers = (values: number[], validity: Uint8Array | null = null): Column => ({
  kind: "number",
  name: "x",
  validity,
  values: Float64Array.from(values),
  integer: false,
});
const texts = (codes: number[], validity: Uint8Array | null = null): Column => ({
  kind: "text",
  name: "x",
  validity,
  dictionary: ["a", "b"],
  codes: Int32Array.from(codes),
});
const images: Column = {
  kind: "tensor",
  name: "x",
  validity: null,
  shape: [2, 2],
  values: new Float32Array(7),
};

test("what arrays make is right, whatever is missing", () => {
  expect(() => checkBatch(batchOf({ x: [1, null], y: ["a", null], z: [true, null] }))).not.toThrow();
  expect(() => checkBatch({ rows: 2, columns: [texts([1, 99], Uint8Array.of(1))] })).not.toThrow();
});

test.each([
  ["too few values", 2, numbers([1]), /"x" of a batch of 2 rows has 1 values instead of 2/],
  ["too many values", 0, numbers([1]), /has 1 values instead of 0/],
  [
    "too little validity",
    9,
    numbers(new Array(9).fill(1), Uint8Array.of(1)),
    /has 1 bytes of validity instead of 2/,
  ],
  [
    "a code that the dictionary has not",
    2,
    texts([0, 2]),
    /the code 2 in row 1, with a dictionary of 2 texts/,
  ],
  ["a code below zero", 1, texts([-1]), /the code -1 in row 0/],
  ["a tensor cut short", 2, images, /has 7 values instead of 8/],
])("%s is refused with the column and the place", (_, rows, column, message) => {
  expect(() => checkBatch({ rows, columns: [column] })).toThrow(message);
  expect(() => checkBatch({ rows, columns: [column] })).toThrow(
    expect.objectContaining({ code: "SCANFLOW_COLUMN_INVALID" }),
  );
});

test.each([-1, 1.5, Number.NaN])("%d rows are refused", (rows) => {
  expect(() => checkBatch({ rows, columns: [] })).toThrow(
    /A batch has .* rows: give a whole number from 0 on/,
  );
});
