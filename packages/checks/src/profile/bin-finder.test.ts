import fc from "fast-check";
import { expect, test } from "vitest";
import { createBinFinder } from "./bin-finder.ts";
import { binOf } from "./histogram.ts";

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, 0.1, 0.1 + 1e-17),
);

test("every value is found in the bin in which a plain search finds it", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(value, { maxLength: 60 }),
      fc.array(value, { maxLength: 40 }),
      (unsorted, others) => {
        const cuts = Array.from(Float64Array.from(unsorted, (cut) => cut + 0).sort());
        const values = Float64Array.from([...others, ...cuts], (number) => number + 0);
        const bins = createBinFinder(cuts).binsOf(values, values.length);
        expect([...bins]).toEqual(Array.from(values, (number) => binOf(cuts, number)));
      },
    ),
  );
});
