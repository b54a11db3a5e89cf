import fc from "fast-check";
import { expect, test } from "vitest";
import fixture from "./fixtures/special-functions.json" with { type: "json" };
import { incompleteBeta } from "./incomplete-beta.ts";

test("shares are right to 10 digits, from the middle to 8 standard deviations below, up to ten million rows", () => {
  for (const { x, a, b, lower } of fixture.beta) {
    expect(Math.abs(incompleteBeta(x, a, b) / lower - 1), `I(${x}, ${a}, ${b})`).toBeLessThan(1e-10);
  }
});

test("the ends are certain", () => {
  expect(incompleteBeta(0, 2, 3)).toBe(0);
  expect(incompleteBeta(1, 2, 3)).toBe(1);
});

test("seen from the other end it is the rest", () => {
  const shape = fc.double({ min: 0.1, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1023 }), shape, shape, (part, a, b) => {
      const x = part / 1024;
      expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 11);
    }),
  );
});
