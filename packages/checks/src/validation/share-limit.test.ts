import { describe, expect, test } from "vitest";
import fixture from "./fixtures/shares.json" with { type: "json" };
import { binomialTail, exceeds, shareLimit } from "./share-limit.ts";

test("binomial tails are SciPy's", () => {
  for (const [count = 0, rows = 0, chance = 0, tail = 0] of fixture.tails)
    expect(binomialTail(count, rows, chance) / tail).toBeCloseTo(1, 8);
});

test("limits are SciPy's upper Clopper–Pearson bounds, rounded up to two digits", () => {
  for (const [count = 0, rows = 0, bound = 0] of fixture.bounds) {
    const limit = shareLimit(count, rows);
    expect(limit).toBeGreaterThanOrEqual(bound);
    expect(limit).toBeLessThanOrEqual(bound * 1.1);
  }
});

describe("a share is exceeded", () => {
  test("by a single row when it is 0", () => {
    expect(exceeds(1, 1_000_000, { limit: 0, level: 1e-9 })).toBe(true);
  });

  test("only by more rows than chance explains when it is not", () => {
    const rule = { limit: 0.01, level: 0.001 };
    expect(exceeds(12, 1_000, rule)).toBe(false);
    expect(exceeds(25, 1_000, rule)).toBe(true);
    expect(exceeds(0, 0, rule)).toBe(false);
    expect(exceeds(5, 5, { limit: 1, level: 0.001 })).toBe(false);
  });
});
