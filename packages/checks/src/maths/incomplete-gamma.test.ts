import { expect, test } from "vitest";
import fixture from "./fixtures/special-functions.json" with { type: "json" };
import { chiSquareTail, upperGamma } from "./incomplete-gamma.ts";

test("upper tails are right to 12 digits, from the middle to 30 standard deviations out", () => {
  for (const { a, x, upper } of fixture.gamma) {
    expect(Math.abs(upperGamma(a, x) / upper - 1), `Q(${a}, ${x})`).toBeLessThan(1e-12);
  }
});

test("the ends are certain", () => {
  expect(upperGamma(3, 0)).toBe(1);
  expect(upperGamma(3, Number.POSITIVE_INFINITY)).toBe(0);
});

test("of two degrees of freedom the tail of χ² is exponential", () => {
  for (const x of [0.1, 1, 4, 60, 1_000]) expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12);
});
