import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { Column, TensorColumn } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import type { NumberProfile, TextProfile } from "./column-profile.ts";
import { mergeProfiles } from "./merge-profiles.ts";
import { describeMoments } from "./moments.ts";
import { parseProfile } from "./parse-profile.ts";
import type { Profile } from "./profile.ts";
import { columnProfile, distinctCount, sampleValues } from "./profile-parts.ts";
import { createProfiler } from "./profiler.ts";
import { quantile } from "./quantile.ts";
import { sampleBatch } from "./sample-columns.ts";

function profileBatch(batch: ColumnBatch, firstRow = 0, like?: Profile): Profile {
  const profiler = createProfiler({ seed: 1, firstRow, like });
  profiler.add(batch);
  return profiler.finish();
}

const tensor = (values: number[], shape: number[]): TensorColumn => ({
  kind: "tensor",
  name: "x",
  shape,
  validity: null,
  values: Float32Array.from(values),
});
const many = (value: (row: number) => number) =>
  Float64Array.from({ length: 12_000 }, (_, row) => value(row));
const MAX = Number.MAX_VALUE;

const lists: [string, ColumnValues | Column][] = [
  ["no rows", []],
  ["one row", [4.5]],
  ["one row of nothing", [null]],
  ["nothing but NaN", [Number.NaN, Number.NaN]],
  ["nothing but infinities", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ["the largest numbers", [MAX, -MAX, MAX, 1e308]],
  ["the smallest numbers", [5e-324, -5e-324, 2.2e-308, 0]],
  ["zeros of both signs", [0, -0, -0]],
  ["many of the largest numbers", many((row) => (row % 2 === 0 ? 1 - row / 1e5 : row / 1e5 - 1) * MAX)],
  ["many of the smallest numbers", many((row) => row * 5e-324)],
  ["many equal numbers", many(() => -3)],
  ["invalid dates", [new Date(Number.NaN), new Date(8.64e15)]],
  ["emoji and broken halves of them", ["👩‍👩‍👧", "\ud83d", "\udc69", "", "a\u0000b"]],
  ["texts that are names of an object's own", ["__proto__", "constructor", "toString", "__proto__"]],
  ["long texts that differ at the end", [`${"x".repeat(9_000)}1`, `${"x".repeat(9_000)}2`, null]],
  ["whole numbers beyond 2^53", BigInt64Array.of(9_007_199_254_740_993n, -9_223_372_036_854_775_808n)],
  ["tensors of no elements", tensor([], [0, 3])],
  ["tensors of one number", tensor([1, Number.NaN, Number.POSITIVE_INFINITY], [])],
  ["tensors of the largest numbers", tensor([3.4e38, -3.4e38, 1e-45, 0.1], [2])],
];

function batchOfList(list: ColumnValues | Column): ColumnBatch {
  if (!("kind" in list)) return batchOf({ x: list });
  const rows =
    list.name === "x" && list.kind === "tensor"
      ? Math.max(1, list.values.length / Math.max(1, list.shape[0] ?? 1))
      : 0;
  return { rows, columns: [list] };
}

describe.each(lists)("%s", (_, list) => {
  const batch = batchOfList(list);
  const profile = profileBatch(batch);

  test("are profiled, saved and read again", () => {
    expect(parseProfile(JSON.stringify(profile))).toEqual(profile);
    expect(profile.rows).toBe(batch.rows);
  });

  test("merge with more of their like", () => {
    const next = profileBatch(batch, batch.rows, profile);
    const merged = mergeProfiles(profile, next);
    expect(merged.rows).toBe(2 * batch.rows);
    expect(parseProfile(JSON.stringify(merged))).toEqual(merged);
  });

  test("come back as a batch of the sample", () => {
    expect(sampleBatch(profile).rows).toBe(Math.min(1_000, batch.rows));
  });
});

const numbersOf = (values: ColumnValues) =>
  columnProfile(profileBatch(batchOf({ x: values })), "x") as NumberProfile;

test("a mean of numbers near the largest is right, and a spread that cannot be said is null", () => {
  const { mean, sd } = describeMoments(numbersOf([MAX, MAX, MAX]));
  expect(mean).toBe(MAX);
  expect(sd).toBe(0);
  expect(describeMoments(numbersOf([MAX, -MAX])).sd).toBeNull();
  expect(describeMoments(numbersOf([1e160, 3e160])).mean).toBe(2e160);
  const halves = profileBatch(batchOf({ x: [MAX] }));
  const merged = mergeProfiles(halves, profileBatch(batchOf({ x: [-MAX] }), 1, halves));
  expect(describeMoments(columnProfile(merged, "x") as NumberProfile).mean).toBe(0);
});

test("-0 and 0 are one value", () => {
  const zeros = numbersOf([0, -0, 0]);
  expect(zeros.values).toEqual({ values: [0], counts: [3] });
  expect(Object.is(zeros.min, 0)).toBe(true);
  expect(distinctCount(zeros)?.count).toBe(1);
  expect(quantile(zeros, 0.5)).toBe(0);
});

test("columns may be called anything", () => {
  const names = ["__proto__", "constructor", "", "10", "2", "a.b", "👍"];
  const columns: Column[] = names.map((name, place) => ({
    kind: "number",
    name,
    validity: null,
    values: Float64Array.of(place),
    integer: true,
  }));
  const profile = parseProfile(JSON.stringify(profileBatch({ rows: 1, columns })));
  expect(profile.columns.map(({ name }) => name)).toEqual(names);
  for (const [place, name] of names.entries()) expect([...sampleValues(profile, name)]).toEqual([place]);
  expect(columnProfile(profile, "toString")).toBeUndefined();
});

test("two columns of one name are refused", () => {
  const [column] = batchOf({ x: [1] }).columns;
  if (column === undefined) throw new Error("There is no column.");
  expect(() => profileBatch({ rows: 1, columns: [column, column] })).toThrow(/There are two columns "x"/);
});

test("long texts are kept short, and those that differ stay different", () => {
  const long = "é".repeat(5_000);
  const profile = profileBatch(batchOf({ x: [`${long}1`, `${long}2`, `${long}1`] }));
  const { categories, lengths } = columnProfile(profile, "x") as TextProfile;
  expect(categories.counts).toEqual([2, 1]);
  expect(lengths).toEqual({ min: 5_001, max: 5_001, total: 15_003 });
  for (const text of categories.texts) expect(text.length).toBeLessThanOrEqual(200);
});

test("what texts are written as is counted", () => {
  const texts = [
    "1",
    " -2.5e3 ",
    ".5",
    "+7",
    "0x10",
    "1,5",
    "",
    "2024-02-30",
    "2024-01-01T10:00:00Z",
    "NaN",
    "1e",
    "-",
  ];
  expect(columnProfile(profileBatch(batchOf({ x: texts })), "x")).toMatchObject({
    count: 12,
    empty: 1,
    numeric: 4,
    temporal: 2,
  });
});

test("no columns and no rows are a profile, too", () => {
  for (const profile of [profileBatch({ rows: 0, columns: [] }), createProfiler({ seed: 1 }).finish()]) {
    expect(profile).toMatchObject({ rows: 0, spans: [], columns: [] });
    expect(parseProfile(JSON.stringify(profile))).toEqual(profile);
  }
});
