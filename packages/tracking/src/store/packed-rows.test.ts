import fc from "fast-check";
import { expect, test } from "vitest";
import { eachRow, packRows } from "./packed-rows.ts";
import type { SqlValue } from "./statement.ts";

const value: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.double(),
  fc.string(),
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  fc.constant(null),
  fc.uint8Array({ maxLength: 3 }),
);
const column = fc.oneof(
  fc.constant(fc.double()),
  fc.constant(fc.constantFrom("a", "b", "")),
  fc.constant(value),
);
const rows = fc
  .array(column, { minLength: 1, maxLength: 6 })
  .chain((columns) => fc.array(fc.tuple(...columns), { minLength: 32, maxLength: 60 }));

test("rows that were packed and sent to another thread are the same rows, in the same order", () => {
  fc.assert(
    fc.property(rows, (given) => {
      const packed = packRows(given);
      const got: SqlValue[][] = [];
      if (packed) eachRow(structuredClone(packed), (row) => got.push([...row]));
      expect(got).toEqual(given);
    }),
  );
});

test("few rows, and rows that are not alike, go as they are", () => {
  expect(packRows([[1], [2]])).toBeUndefined();
  expect(packRows([...Array.from({ length: 40 }, () => [1, 2]), [1]])).toBeUndefined();
});
