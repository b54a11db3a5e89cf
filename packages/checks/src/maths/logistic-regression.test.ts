import { expect, test } from "vitest";
import fixture from "../statistics/fixtures/tests.json" with { type: "json" };
import { fitLogistic } from "./logistic-regression.ts";

const { columns, values, labels, weights } = fixture.logistic;

test("weights are scikit-learn's", () => {
  const matrix = { rows: labels.length, columns, values: Float64Array.from(values) };
  const found = fitLogistic(matrix, Uint8Array.from(labels));
  for (const [at, weight] of weights.entries()) expect(found[at]).toBeCloseTo(weight, 4);
});

test("two classes that are told apart without error have finite weights", () => {
  const matrix = { rows: 4, columns: 1, values: Float64Array.of(-2, -1, 1, 2) };
  const found = fitLogistic(matrix, Uint8Array.of(0, 0, 1, 1));
  expect(found[0]).toBeGreaterThan(0.5);
  expect(found[0]).toBeLessThan(2);
  expect(found[1]).toBeCloseTo(0, 6);
});
