import fc from "fast-check";
import { expect, test } from "vitest";
import { ksTwoSample } from "../../statistics/ks.ts";
import { rankValues } from "./ranked-values.ts";

const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -3, max: 3, noNaN: true }));
const values = fc.array(value, { minLength: 1, maxLength: 30 });

test("the distance is D of Kolmogorov and Smirnov's test, with ties and without", () => {
  fc.assert(
    fc.property(values, values, (reference, window) => {
      const ranked = rankValues(Float64Array.from(reference));
      const keys = Int32Array.from(window, ranked.keyOf);
      expect(ranked.distance(keys)).toBeCloseTo(ksTwoSample(reference, window).statistic, 12);
    }),
  );
});

test("minus infinity, which stands for what is missing, is a value as others", () => {
  const missing = Number.NEGATIVE_INFINITY;
  const ranked = rankValues(Float64Array.of(missing, 1, 2, 3));
  expect(ranked.distance(Int32Array.from([missing, missing, 2, 3], ranked.keyOf))).toBe(0.25);
});
