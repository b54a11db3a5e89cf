import { expect, test } from "vitest";
import fixture from "./fixtures/special-functions.json" with { type: "json" };
import { logFactorial, logGamma, stirlingError } from "./log-gamma.ts";

test("ln Γ is right to 14 digits of its size, or of 1", () => {
  for (const { x, log } of fixture.logGamma) {
    expect(Math.abs(logGamma(x) - log), `lnΓ(${x})`).toBeLessThan(1e-14 * Math.max(1, Math.abs(log)));
  }
});

test("factorials are ln Γ one further, in the table and beyond", () => {
  for (const n of [0, 1, 2, 15, 1_023, 1_024, 5_000]) {
    expect(logFactorial(n)).toBeCloseTo(logGamma(n + 1), 9);
  }
});

test("Stirling's error goes on smoothly where the series begins", () => {
  const [below, at, above] = [stirlingError(15.99), stirlingError(16), stirlingError(16.01)];
  expect((below + above) / 2 / at).toBeCloseTo(1, 6);
  expect(stirlingError(1)).toBeCloseTo(1 - Math.log(2 * Math.PI) / 2, 14);
});
