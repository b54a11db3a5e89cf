import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { createFloatSorter } from "./sort.ts";

const sort = createFloatSorter();
const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -5, max: 5 }).map((whole) => whole + 0),
  fc.constantFrom(5e-324, -5e-324, 1e308, -1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

test("any floats are sorted as the platform sorts them, short lists and long ones", () => {
  const lists = fc.oneof(
    fc.array(value, { maxLength: 30 }),
    fc.array(value, { minLength: 600, maxLength: 900 }),
  );
  fc.assert(
    fc.property(lists, (values) => {
      const wanted = Float64Array.from(values).sort();
      expect(sort(Float64Array.from(values))).toEqual(wanted);
    }),
  );
});

test("values that differ only in their last digits are sorted as well", () => {
  const random = createRandom(2);
  for (const scale of [1, -1]) {
    const values = Float64Array.from({ length: 5_000 }, () => scale * (1e9 + random.below(1_000_000) / 1e6));
    const wanted = values.slice().sort();
    expect(sort(values)).toEqual(wanted);
  }
});

test("a view of a larger array is sorted in place, and nothing else is touched", () => {
  const random = createRandom(1);
  const all = Float64Array.from({ length: 3_000 }, () => random.uniform() - 0.3);
  const wanted = all.slice();
  wanted.subarray(500, 2_500).sort();
  sort(all.subarray(500, 2_500));
  expect(all).toEqual(wanted);
});
