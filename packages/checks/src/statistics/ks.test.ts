import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import fixture from "./fixtures/ks.json" with { type: "json" };
import { ksTwoSample } from "./ks.ts";
import { kolmogorovSurvival, limitProbability } from "./ks-limit.ts";

function expectRatio(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * expected);
}

describe("against SciPy", () => {
  test.each(fixture.continuous)("$name: statistic and exact p value", (sample) => {
    const result = ksTwoSample(sample.first, sample.second);
    expect(result.method).toBe("exact");
    expectRatio(result.statistic, sample.statistic, 1e-14);
    expectRatio(result.pValue, sample.exact, 1e-11);
  });

  test.each(fixture.tied)("$name: statistic, and p value with ties ignored", (sample) => {
    const result = ksTwoSample(sample.first, sample.second, { ties: "ignore" });
    expectRatio(result.statistic, sample.statistic, 1e-14);
    expectRatio(result.pValue, sample.exact, 1e-11);
  });

  test.each(fixture.permuted)("$name: p value given the ties is the permutation one", (sample) => {
    const result = ksTwoSample(sample.first, sample.second);
    expectRatio(result.statistic, sample.statistic, 1e-14);
    expectRatio(result.pValue, sample.exact, 1e-11);
  });

  test.each(fixture.large)("$m v $n, D $statistic: the limit is near the exact p value", (size) => {
    expectRatio(limitProbability(size.statistic, size.m, size.n), size.exact, 0.03);
  });

  test.each(fixture.kolmogorov)("the survival function at $x", ({ x, survival }) => {
    expectRatio(kolmogorovSurvival(x), survival, 1e-13);
  });
});

describe("laws", () => {
  const sample = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 30 });

  test("statistic and p value lie in [0, 1], and the order of the samples does not matter", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const result = ksTwoSample(a, b);
        expect(result.statistic).toBeGreaterThanOrEqual(0);
        expect(result.statistic).toBeLessThanOrEqual(1);
        expect(result.pValue).toBeGreaterThan(0);
        expect(result.pValue).toBeLessThanOrEqual(1);
        const swapped = ksTwoSample(b, a);
        expect(swapped.statistic).toBe(result.statistic);
        expectRatio(swapped.pValue, result.pValue, 1e-11);
      }),
    );
  });

  test("only the order of the values counts", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const cubed = (values: number[]) => values.map((value) => value ** 3 + 1);
        expect(ksTwoSample(cubed(a), cubed(b))).toEqual(ksTwoSample(a, b));
      }),
    );
  });

  test("minding ties never makes a p value larger", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const minding = ksTwoSample(a, b).pValue;
        expect(minding).toBeLessThanOrEqual(ksTwoSample(a, b, { ties: "ignore" }).pValue * (1 + 1e-11));
      }),
    );
  });

  test("a sample against itself is the least surprising of all", () => {
    fc.assert(
      fc.property(sample, (a) => {
        const result = ksTwoSample(a, a);
        expect(result.statistic).toBe(0);
        expect(result.pValue).toBe(1);
      }),
    );
  });
});

test("beyond ten million pairs the limit takes over by itself, and finds a small shift", () => {
  const random = createRandom(1);
  const reference = Float64Array.from({ length: 5_000 }, () => random.uniform());
  const shifted = Float64Array.from({ length: 5_000 }, () => random.uniform() + 0.1);
  const result = ksTwoSample(reference, shifted);
  expect(result.method).toBe("asymptotic");
  expect(result.statistic).toBeGreaterThan(0.07);
  expect(result.pValue).toBeLessThan(1e-10);
});

test("infinities are ordered like other values", () => {
  const far = [Number.NEGATIVE_INFINITY, 1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  expect(ksTwoSample(far, [1, 2, 3, 4])).toEqual(ksTwoSample([-99, 1, 2, 99, 99], [1, 2, 3, 4]));
});

test("an empty sample and a NaN are refused with the place", () => {
  expect(() => ksTwoSample([], [1])).toThrow(expect.objectContaining({ code: "SCANFLOW_SAMPLE_INVALID" }));
  expect(() => ksTwoSample([1], [1, Number.NaN])).toThrow(/Value 1 of the second sample is NaN/);
});
