import fc from "fast-check";
import { expect, test } from "vitest";
import { countValid, isValid, noneValid, setValid } from "./validity.ts";

test("the rows that were set are valid, and counted", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 70 }), (there) => {
      const validity = noneValid(there.length);
      for (const [row, valid] of there.entries()) if (valid) setValid(validity, row);
      expect(there.map((_, row) => isValid(validity, row))).toEqual(there);
      expect(countValid(validity, there.length)).toBe(there.filter(Boolean).length);
    }),
  );
});

test("without a bitmap all rows are there", () => {
  expect(isValid(null, 5)).toBe(true);
  expect(countValid(null, 5)).toBe(5);
});
