import { expect, test } from "vitest";
import { fitScaler } from "./column-scaler.ts";

const matrix = (...values: number[]) => ({
  rows: values.length / 2,
  columns: 2,
  values: Float64Array.from(values),
});

test("the rows it was fitted to have mean 0 and standard deviation 1, others the same scale", () => {
  const scale = fitScaler(matrix(1, 0, 3, 100));
  expect(scale(matrix(1, 0, 3, 100)).values).toEqual(Float64Array.of(-1, -1, 1, 1));
  expect(scale(matrix(5, 200)).values).toEqual(Float64Array.of(3, 3));
});

test("a column that does not vary keeps its unit, also where its mean is not exact", () => {
  const scale = fitScaler(matrix(0.1, 7, 0.1, 7, 0.1, 7));
  const [first, second] = scale(matrix(1.1, 9)).values;
  expect(first).toBeCloseTo(1, 12);
  expect(second).toBeCloseTo(2, 12);
});
