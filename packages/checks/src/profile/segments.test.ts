import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import { mergeProfiles } from "./merge-profiles.ts";
import { describeMoments } from "./moments.ts";
import { parseProfile } from "./parse-profile.ts";
import type { Profile } from "./profile.ts";
import { profileColumns } from "./profile-columns.ts";
import type { ProfileOptions } from "./profile-options.ts";
import { createProfiler } from "./profiler.ts";

const day = 86_400_000;
const table = {
  region: ["south", "north", null, "north", "south", "north"],
  vip: [true, false, true, null, false, false],
  amount: [1, 2, 3, null, 5, Number.NaN],
  when: [0, 1, 2, 3, 4, 5].map((hour) => new Date(day + hour * 6 * 3_600_000)),
};

function profileTable(columns: Record<string, ColumnValues>, options: Partial<ProfileOptions>): Profile {
  return profileColumns(columns, { seed: 1, ...options });
}

test("each slice sums up its rows, in the order of the values", () => {
  const [slices] = profileTable(table, { slices: ["region"] }).segmentations;
  expect(slices).toMatchObject({
    kind: "slices",
    column: "region",
    bucketMs: null,
    otherRows: 0,
    missingRows: 1,
  });
  expect(slices?.segments.map(({ value, rows }) => [value, rows])).toEqual([
    ["north", 3],
    ["south", 2],
  ]);
  const [north, south] = slices?.segments ?? [];
  expect(north?.columns[2]).toMatchObject({ count: 1, nulls: 1, nan: 1, min: 2, max: 2 });
  expect(south?.columns[2]).toMatchObject({
    count: 2,
    nulls: 0,
    min: 1,
    max: 5,
    moments: { mean: 3, m2: 8 },
  });
  expect(south?.columns[1]).toEqual({ kind: "boolean", name: "vip", nulls: 0, count: 2, trues: 1 });
  expect(north?.columns[0]).toMatchObject({ categories: { texts: ["north"], counts: [3] } });
});

test("numbers and booleans divide as well", () => {
  const [flags, amounts] = profileTable(table, { slices: ["vip", "amount"] }).segmentations;
  expect(flags?.segments.map(({ value, rows }) => [value, rows])).toEqual([
    [false, 3],
    [true, 2],
  ]);
  expect(amounts?.segments.map(({ value }) => value)).toEqual([1, 2, 3, 5]);
  expect(amounts?.missingRows).toBe(2);
});

test("buckets of time begin at whole multiples of their length", () => {
  const [buckets] = profileTable(table, { time: { column: "when", bucketMs: day } }).segmentations;
  expect(buckets?.segments.map(({ value, rows }) => [value, rows])).toEqual([
    [day, 4],
    [2 * day, 2],
  ]);
});

test("segments beyond the limit are counted, not kept", () => {
  const [slices] = profileTable({ x: [1, 2, 3, 1, 4] }, { slices: ["x"], segments: 2 }).segmentations;
  expect(slices).toMatchObject({ limit: 2, otherRows: 2 });
  expect(slices?.segments.map(({ value, rows }) => [value, rows])).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

test("a slice's figures are those of its rows alone, in the bins of the whole, however many rows there are", () => {
  const rows = 25_000;
  const x = Float64Array.from({ length: rows }, (_, row) => ((row * 7_919) % rows) / 100);
  const half = Array.from(x, (_, row) => (row % 2 === 0 ? "even" : "odd"));
  const profiler = createProfiler({ seed: 1, slices: ["half"] });
  for (let from = 0; from < rows; from += 4_000) {
    profiler.add(batchOf({ x: x.slice(from, from + 4_000), half: half.slice(from, from + 4_000) }));
  }
  const whole = profiler.finish();
  const odd = profileTable({ x: x.filter((_, row) => row % 2 === 1) }, { like: whole });
  const slice = whole.segmentations[0]?.segments[1]?.columns[0];
  const alone = odd.columns[0];
  if (slice?.kind !== "number" || alone?.kind !== "number") throw new Error("The columns are no numbers.");
  expect(slice).toMatchObject({
    count: alone.count,
    min: alone.min,
    max: alone.max,
    histogram: alone.histogram,
  });
  const [mine, theirs] = [slice, alone].map(describeMoments);
  for (const key of ["mean", "sd", "kurtosis"] as const)
    expect(mine?.[key]).toBeCloseTo(theirs?.[key] ?? 0, 9);
});

test("a part in which a column is missing altogether merges with one in which it is not", () => {
  const options = { slices: ["region"] };
  const first = profileTable({ region: ["a", "b"], note: [null, null], amount: [null, Number.NaN] }, options);
  const second = profileTable(
    { region: ["b", "c"], note: ["x", null], amount: [1, 2] },
    { ...options, firstRow: 2 },
  );
  for (const merged of [mergeProfiles(first, second), mergeProfiles(second, first)]) {
    expect(parseProfile(JSON.stringify(merged))).toEqual(merged);
    const [a, b] = merged.segmentations[0]?.segments ?? [];
    expect(a?.columns[1]).toMatchObject({ kind: "text", nulls: 1, count: 0 });
    expect(b?.columns[1]).toMatchObject({ kind: "text", nulls: 1, count: 1, categories: { texts: ["x"] } });
    expect(b?.columns[2]).toMatchObject({ nulls: 0, nan: 1, count: 1, min: 1, histogram: { cuts: [2] } });
  }
});

describe("a window that is profiled like a reference", () => {
  const reference = profileTable(table, {
    slices: ["region"],
    time: { column: "when", bucketMs: day },
    sampleSize: 4,
  });

  test("is divided as that was, and keeps as many rows", () => {
    const window = profileTable(table, { like: reference });
    expect(window.segmentations).toEqual(reference.segmentations);
    expect(window.sample.limit).toBe(4);
    expect(profileTable(table, { like: reference, slices: [] }).segmentations).toEqual([]);
  });

  test("says that rows are missing where it has not the columns for it", () => {
    const { segmentations } = profileTable({ amount: [1, 2], when: ["a", "b"] }, { like: reference });
    expect(segmentations).toMatchObject([
      { column: "region", segments: [], missingRows: 2 },
      { column: "when", segments: [], missingRows: 2 },
    ]);
  });
});

test("a thousand days are kept, and a hundred slices", () => {
  const rows = Array.from({ length: 1_100 }, (_, row) => row);
  const days = { day: rows.map((row) => new Date(row * day)), x: rows };
  const { segmentations } = profileTable(days, { slices: ["x"], time: { column: "day", bucketMs: day } });
  expect(segmentations).toMatchObject([
    { limit: 100, otherRows: 1_000 },
    { limit: 1_000, otherRows: 100 },
  ]);
});

describe("what cannot divide the rows is refused with its name", () => {
  test.each([
    [
      { slices: ["city"] },
      /Column "city" is to divide the rows, but it is not in the data. Name one of region, vip, amount, when\./,
    ],
    [
      { time: { column: "region", bucketMs: 5 } },
      /"region" cannot divide the rows by time, since it holds texts. Name a column of times/,
    ],
    [{ time: { column: "when", bucketMs: 0 } }, /"time.bucketMs" is 0: give a whole number from 1 on/],
  ])("%j", (options, message) => {
    expect(() => profileTable(table, options)).toThrow(message);
  });
});

describe("a saved profile with slices", () => {
  const profile = profileTable(table, { slices: ["region"], time: { column: "when", bucketMs: day } });
  const text = JSON.stringify(profile);

  test("is read as it was", () => expect(parseProfile(text)).toEqual(profile));

  test.each([
    [
      "rows that do not add up",
      '"missingRows":1',
      '"missingRows":2',
      /segmentations\[0\].segments" is .* rows 6/,
    ],
    ["a kind that is none", '"kind":"slices"', '"kind":"parts"', /segmentations\[0\].kind" is "parts"/],
    ["slices with milliseconds", '"bucketMs":null', '"bucketMs":7', /segmentations\[0\].bucketMs" is 7/],
    ["a limit that is passed", '"limit":100', '"limit":1', /at most 1 segments/],
    ["a value that is none", '"value":"north"', '"value":null', /segments\[0\].value" is null/],
  ])("is refused with %s", (_, found, other, message) => {
    const at = text.indexOf('"segmentations"');
    const corrupted = text.slice(0, at) + text.slice(at).replace(found, other);
    expect(() => parseProfile(corrupted)).toThrow(message);
  });
});
