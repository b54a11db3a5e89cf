import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import { createRandom } from "../random/random.ts";
import type { NumberProfile, NumberSummary, TextProfile } from "./column-profile.ts";
import { mergeProfiles } from "./merge-profiles.ts";
import { parseProfile } from "./parse-profile.ts";
import type { Profile } from "./profile.ts";
import { profileColumns } from "./profile-columns.ts";
import type { ProfileOptions } from "./profile-options.ts";
import { columnProfile, distinctCount } from "./profile-parts.ts";
import { createProfiler } from "./profiler.ts";
import { quantileError, weightedValues } from "./quantile.ts";

const number = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 2, arbitrary: fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324) },
);
const row = fc.record({
  number,
  text: fc.option(fc.oneof(fc.constantFrom("a", "b", "", "12", "2024-01-01"), fc.string({ maxLength: 3 }))),
  yes: fc.option(fc.boolean()),
  when: fc.option(fc.date({ noInvalidDate: true })),
  pixels: fc.option(fc.tuple(fc.float({ noNaN: true }), fc.constantFrom(0, 1, Number.NaN))),
});
const rows = fc.array(row, { minLength: 1, maxLength: 40 });
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

function tableOf(list: readonly Row[]): ColumnBatch {
  const plain = batchOf({
    number: list.map((entry) => entry.number),
    text: list.map((entry) => entry.text),
    yes: list.map((entry) => entry.yes),
    when: list.map((entry) => entry.when),
    there: list.map((entry) => (entry.pixels === null ? null : 1)),
  });
  const values = Float32Array.from(list.flatMap((entry) => entry.pixels ?? [0, 0]));
  const validity = plain.columns[4]?.validity ?? null;
  const pixels: Column = { kind: "tensor", name: "pixels", shape: [2], validity, values };
  return { rows: plain.rows, columns: [...plain.columns.slice(0, 4), pixels] };
}

function profileOf(batches: readonly ColumnBatch[], options: Partial<ProfileOptions> = {}): Profile {
  const slices = ["text", "yes"].filter((name) => batches[0]?.columns.some((column) => column.name === name));
  const time = slices.length === 0 ? undefined : { column: "when", bucketMs: 1e12 };
  const profiler = createProfiler({ seed: 3, sampleSize: 12, bins: 5, slices, time, ...options });
  for (const batch of batches) profiler.add(batch);
  return profiler.finish();
}

function slice(batch: ColumnBatch, from: number, to: number): ColumnBatch {
  return takeRows(
    batch,
    Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at),
  );
}

function isSpread(value: unknown): value is NumberSummary {
  return typeof value === "object" && value !== null && "moments" in value;
}

/** All but the moments must be equal; they are sums, whose last digits depend on their order. */
function expectSame(merged: Profile, whole: Profile): void {
  const spreads = ({ columns }: Profile) =>
    columns.flatMap((column) => [column, ...Object.values(column)].filter(isSpread));
  const others = spreads(whole);
  for (const [place, { moments, min, max, count }] of spreads(merged).entries()) {
    const scale = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
    for (const [power, key] of (["mean", "m2", "m3", "m4"] as const).entries()) {
      const difference = Math.abs((moments[key] ?? 0) - (others[place]?.moments[key] ?? 0));
      expect(difference).toBeLessThanOrEqual(1e-13 * count * scale ** (power + 1) + 1e-300);
    }
  }
  const plain = (profile: Profile) =>
    JSON.parse(JSON.stringify(profile), (key, value) => (key === "moments" ? null : value));
  expect(plain(merged)).toEqual(plain(whole));
}

describe("laws", () => {
  test("profiles of parts merge to the profile of the whole, whatever the cut and however it comes in batches", () => {
    fc.assert(
      fc.property(
        rows,
        fc.nat(40),
        fc.nat(40),
        fc.constantFrom(1, 2, 3, 100),
        (list, cut, other, segments) => {
          const table = tableOf(list);
          const whole = profileOf([table], { segments });
          const at = Math.min(cut, table.rows);
          const again = Math.min(other, at);
          const options = { like: whole, segments };
          const first = profileOf([slice(table, 0, again), slice(table, again, at)], options);
          const second = profileOf([slice(table, at, table.rows)], { ...options, firstRow: at });
          expectSame(mergeProfiles(first, second), whole);
          expectSame(mergeProfiles(second, first), whole);
        },
      ),
    );
  });

  test("a profile survives JSON unchanged", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const profile = profileOf([tableOf(list)]);
        expect(parseProfile(JSON.stringify(profile))).toEqual(profile);
      }),
    );
  });
});

describe("a hundred thousand rows in twenty parts", () => {
  const ROWS = 100_000;
  const PARTS = 20;
  const random = createRandom(4);
  const x = Float64Array.from({ length: ROWS }, () => random.uniform() ** 3);
  const word = Array.from({ length: ROWS }, () => `w${random.below(random.below(9) === 0 ? 40_000 : 50)}`);
  const table = batchOf({ x, word });
  const options = { seed: 5, categories: 100, bins: 20 };
  const whole = profileOf([table], options);
  const parts = Array.from({ length: PARTS }, (_, part) => {
    const from = (part * ROWS) / PARTS;
    return profileOf([slice(table, from, from + ROWS / PARTS)], { ...options, like: whole, firstRow: from });
  });
  const merged = parts.slice(1).reduce(mergeProfiles, parts[0] as Profile);
  const column = (profile: Profile) => columnProfile(profile, "x") as NumberProfile;

  test("quantiles stay within the stated error, merged or made in one go", () => {
    const sorted = x.slice().sort();
    for (const profile of [whole, merged]) {
      const error = quantileError(column(profile));
      expect(error).toBeGreaterThan(0);
      let below = 0;
      let at = 0;
      for (const { value, weight } of weightedValues(column(profile))) {
        while ((sorted[at] as number) < value) at += 1;
        expect(Math.abs(below - at) / ROWS).toBeLessThanOrEqual(error);
        below += weight;
      }
      expect(below).toBe(ROWS);
    }
  });

  test("bins, distinct counts and kept rows are those of the whole", () => {
    expect(column(merged).histogram).toEqual(column(whole).histogram);
    expect(column(merged).distinct).toEqual(column(whole).distinct);
    expect(columnProfile(merged, "word")).toMatchObject({
      distinct: (columnProfile(whole, "word") as TextProfile).distinct,
    });
    expect(merged.sample).toEqual(whole.sample);
    expect(merged.spans).toEqual([[0, ROWS]]);
  });

  test("distinct values are estimated within a few per cent", () => {
    const counted = distinctCount(column(merged));
    expect(Math.abs((counted?.count ?? 0) / new Set(x).size - 1)).toBeLessThan(0.05);
    const words = distinctCount(columnProfile(merged, "word") as TextProfile);
    expect(Math.abs((words?.count ?? 0) / new Set(word).size - 1)).toBeLessThan(0.05);
  });

  test("frequent texts are listed, each too small by at most the error that is stated", () => {
    const truth = new Map<string, number>();
    for (const text of word) truth.set(text, (truth.get(text) ?? 0) + 1);
    for (const profile of [whole, merged]) {
      const { texts, counts, error } = (columnProfile(profile, "word") as TextProfile).categories;
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThanOrEqual(ROWS / 101);
      const listed = new Map(texts.map((text, place) => [text, counts[place] as number]));
      for (const [text, count] of truth) {
        expect(listed.get(text) ?? 0).toBeLessThanOrEqual(count);
        expect(listed.get(text) ?? 0).toBeGreaterThanOrEqual(count - error);
      }
    }
  });
});

describe("what cannot be merged is refused with what to do", () => {
  const first = profileColumns({ x: [1, 2, 3], y: [1, 2, 3] }, { seed: 1 });
  const next = { seed: 1, firstRow: 3 };

  test.each([
    ["other bins", { x: [7, 8, 9], y: [1, 2, 3] }, next, /"x" was counted in other bins .* with `like` set/],
    ["a column too few", { x: [1] }, next, /"y" is only in the first profile: merge profiles of one table/],
    ["a column too many", { x: [1], y: [1], z: [1] }, next, /"z" is only in the second profile/],
    [
      "another kind",
      { x: ["a"], y: [1] },
      next,
      /"x" holds numbers in the first profile, texts in the second/,
    ],
    [
      "the same rows",
      { x: [1], y: [1] },
      { seed: 1 },
      /Row 0 of the data is in both profiles: say by `firstRow`/,
    ],
    ["another seed", { x: [1], y: [1] }, { ...next, seed: 2 }, /"seed" of the profiles are 1 and 2/],
    [
      "another sample",
      { x: [1], y: [1] },
      { ...next, sampleSize: 5 },
      /"sampleSize" of the profiles are 1000 and 5/,
    ],
  ])("%s", (_, columns, options, message) => {
    const second = profileColumns(columns as Record<string, number[]>, options);
    expect(() => mergeProfiles(first, second)).toThrow(message);
    expect(() => mergeProfiles(first, second)).toThrow(
      expect.objectContaining({ code: "SCANFLOW_PROFILES_UNLIKE" }),
    );
  });

  test("a part without any value of a column goes with every kind of it", () => {
    const texts = profileColumns({ x: ["a", null] }, { seed: 1 });
    const missing = profileColumns({ x: [null, null] }, { seed: 1, firstRow: 2 });
    for (const merged of [mergeProfiles(texts, missing), mergeProfiles(missing, texts)]) {
      expect(columnProfile(merged, "x")).toMatchObject({ kind: "text", nulls: 3, count: 1 });
      expect(parseProfile(JSON.stringify(merged))).toEqual(merged);
    }
  });
});
