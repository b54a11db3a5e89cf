import { expect, test } from "vitest";
import fixture from "./fixtures/special-functions.json" with { type: "json" };
import { normalBelow, normalQuantile, normalTail } from "./normal.ts";

test("tails are right to 12 digits, on both sides", () => {
  for (const { z, tail } of fixture.normal) {
    for (const side of [z, -z])
      expect(Math.abs(normalTail(side) / tail - 1), `|Z| ≥ ${side}`).toBeLessThan(1e-12);
  }
  expect(normalTail(Number.POSITIVE_INFINITY)).toBe(0);
  expect(normalTail(Number.NaN)).toBeNaN();
});

test("half lies below 0, and far below as much as the tail says", () => {
  expect(normalBelow(0)).toBe(0.5);
  for (const { z, tail } of fixture.normal) {
    expect(normalBelow(-z) / (tail / 2)).toBeCloseTo(1, 12);
    expect(normalBelow(z)).toBeCloseTo(1 - tail / 2, 14);
  }
});

test("z is SciPy's for a confidence", () => {
  for (const { confidence, z } of fixture.normalQuantile)
    expect(normalQuantile(confidence)).toBeCloseTo(z, 10);
});
