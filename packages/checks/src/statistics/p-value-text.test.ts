import { expect, test } from "vitest";
import { isPValue, pValueText } from "./p-value-text.ts";

test("a p value has two digits that count, down to where the tails of tests say nothing", () => {
  expect([1, 0.0512, 0.000036, 3.3e-9, 1e-15, 3.3e-227, 0].map(pValueText)).toEqual([
    "1.0",
    "0.051",
    "3.6e-5",
    "3.3e-9",
    "1.0e-15",
    "below 1e-15",
    "below 1e-15",
  ]);
});

test("a field is known by its name", () => {
  expect(["pValue", "adjustedPValue", "pvalue", "p", "pValues", "effect"].filter(isPValue)).toEqual([
    "pValue",
    "adjustedPValue",
    "pvalue",
  ]);
});
