import { expect, test } from "vitest";
import { expectedLooks } from "./search-plan.ts";

const survey = { sampled: 200, runs: 1_000_000, scoped: 200, passing: 200, keyed: 200, keyedPassing: 200 };

test("a scan of which every run passes looks at the page alone, and at more the fewer pass", () => {
  expect(expectedLooks("scan", 100, survey)).toBe(100);
  expect(expectedLooks("scan", 100, { ...survey, passing: 20 })).toBe(1000);
  expect(expectedLooks("scan", 100, { ...survey, passing: 0 })).toBe(40_000);
});

test("a scan of one experiment does not care how small a part of all runs that is, and never leaves it", () => {
  expect(expectedLooks("scan", 100, { ...survey, scoped: 20, passing: 2 })).toBe(1000);
  expect(expectedLooks("scan", 100_000, { ...survey, scoped: 20, passing: 2 })).toBe(100_000);
});

test("a walk passes by the values of other experiments", () => {
  expect(expectedLooks("walk", 100, { ...survey, scoped: 20, passing: 20, keyedPassing: 20 })).toBe(1000);
});
