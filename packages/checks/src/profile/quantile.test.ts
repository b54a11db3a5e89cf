import { expect, test } from "vitest";
import type { ColumnValues } from "../batch/batch-of.ts";
import type { NumberProfile } from "./column-profile.ts";
import { profileColumns } from "./profile-columns.ts";
import { quantile, quantileError } from "./quantile.ts";

const profileOf = (x: ColumnValues, firstRow = 0) =>
  profileColumns({ x }, { seed: 1, firstRow }).columns[0] as NumberProfile;

test("a quantile is the least value at or below which the share of values lies", () => {
  const x = profileOf([40, 10, 30, 20]);
  const shares = [0, 0.2, 0.25, 0.26, 0.5, 0.51, 0.75, 1];
  expect(shares.map((share) => quantile(x, share))).toEqual([10, 10, 10, 20, 20, 30, 30, 40]);
  expect(quantileError(x)).toBe(0);
});

test("values that occur often count as often", () => {
  const x = profileOf([1, 1, 1, 7]);
  expect([0.75, 0.76].map((share) => quantile(x, share))).toEqual([1, 7]);
});

test("1,600 different values are all known, more of them nearly", () => {
  const rising = (length: number) => Float64Array.from({ length }, (_, row) => length - row);
  expect(quantile(profileOf(rising(1_600)), 0.5)).toBe(800);
  expect(quantileError(profileOf(rising(1_600)))).toBe(0);
  const more = profileOf(rising(50_000));
  expect(quantileError(more)).toBeCloseTo(0.0018, 4);
  expect(Math.abs((quantile(more, 0.9) ?? 0) - 45_000)).toBeLessThanOrEqual(50_000 * quantileError(more));
});

test("parts of the data draw their own chance, so that their errors do not add up", () => {
  const x = Float64Array.from({ length: 9_000 }, (_, row) => row);
  expect(profileOf(x).quantiles).not.toEqual(profileOf(x, 9_000).quantiles);
  expect(profileOf(x).quantiles).toEqual(profileOf(x).quantiles);
});

test("without a value there is no quantile, and a share is from 0 to 1", () => {
  expect(quantile(profileOf([null]), 0.5)).toBeNull();
  for (const share of [-0.1, 1.1, Number.NaN]) {
    expect(() => quantile(profileOf([1]), share)).toThrow(/the share is .*: give a number from 0 to 1/);
  }
});
