import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjustPValues, type Correction } from "./adjust-p-values.ts";
import fixture from "./fixtures/corrections.json" with { type: "json" };

const names: Correction[] = ["benjamini-hochberg", "holm", "bonferroni"];

describe.each(names)("%s", (correction) => {
  test("gives what SciPy and statsmodels give", () => {
    for (const family of fixture.cases) {
      const adjusted = adjustPValues(family.pValues, correction);
      expect(adjusted).toHaveLength(family[correction].length);
      for (const [index, expected] of family[correction].entries()) {
        expect(adjusted[index]).toBeCloseTo(expected, 13);
      }
    }
  });
});

test("more careful corrections never give smaller values, and no correction gives less than it was given", () => {
  const families = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(families, (pValues) => {
      const [hochberg, holm, bonferroni] = names.map((name) => adjustPValues(pValues, name));
      for (const [index, p] of pValues.entries()) {
        expect(hochberg?.[index]).toBeGreaterThanOrEqual(p);
        expect(holm?.[index]).toBeGreaterThanOrEqual((hochberg?.[index] ?? 0) - 1e-15);
        expect(bonferroni?.[index]).toBeGreaterThanOrEqual((holm?.[index] ?? 0) - 1e-15);
        expect(bonferroni?.[index]).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("what is no probability is refused with its place", () => {
  expect(() => adjustPValues([0.1, 1.2])).toThrow(/p value 1 is 1.2/);
  expect(() => adjustPValues([Number.NaN])).toThrow(
    expect.objectContaining({ code: "SCANFLOW_P_VALUE_INVALID" }),
  );
});
