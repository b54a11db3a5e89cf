import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColumnValues } from "../batch/batch-of.ts";
import { createRandom } from "../random/random.ts";
import type { NumberProfile } from "./column-profile.ts";
import { countInBins } from "./histogram.ts";
import { describeMoments } from "./moments.ts";
import { parseProfile } from "./parse-profile.ts";
import { profileColumns } from "./profile-columns.ts";
import type { ProfileOptions } from "./profile-options.ts";
import { columnProfile, sampleValues } from "./profile-parts.ts";

/** The profile of a table of one column of numbers. */
function profileNumbers(x: ColumnValues, options: ProfileOptions = { seed: 1 }): NumberProfile {
  const profile = columnProfile(profileColumns({ x }, options), "x");
  if (profile?.kind !== "number") throw new Error(`The column became one of kind ${profile?.kind}.`);
  return profile;
}

const entry = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const column = fc.array(entry, { maxLength: 60 });
const settings = fc.record({
  seed: fc.integer(),
  sampleSize: fc.integer({ min: 1, max: 80 }),
  bins: fc.integer({ min: 1, max: 12 }),
});

describe("laws", () => {
  test("a profile survives JSON unchanged", () => {
    fc.assert(
      fc.property(column, fc.string(), settings, (values, name, options) => {
        const profile = profileColumns(Object.fromEntries([[name, values]]), options);
        expect(parseProfile(JSON.stringify(profile))).toEqual(profile);
        expect(profile.columns.map((profiled) => profiled.name)).toEqual([name]);
      }),
    );
  });

  test("every row is counted once, every finite value in one bin, and the sample is drawn from the values", () => {
    fc.assert(
      fc.property(column, settings, (values, options) => {
        const profile = profileColumns({ x: values }, options);
        const x = profileNumbers(values, options);
        const finite = values.filter((value) => Number.isFinite(value));
        expect(x.count).toBe(finite.length);
        expect(x.count + x.nulls + x.nan + x.infinite).toBe(values.length);
        expect(x.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
        const left = finite.map((value) => (value ?? 0) + 0);
        for (const value of sampleValues(profile, "x")) {
          expect(left).toContain(value);
          left.splice(left.indexOf(value), 1);
        }
      }),
    );
  });

  test("a value lies in the bin whose cuts enclose it", () => {
    const cutsAndValue = fc.tuple(fc.uniqueArray(fc.integer(), { maxLength: 9 }), fc.integer());
    fc.assert(
      fc.property(cutsAndValue, ([unsorted, value]) => {
        const cuts = unsorted.sort((a, b) => a - b);
        const bin = countInBins([value], cuts).counts.indexOf(1);
        expect(cuts[bin - 1] ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(value);
        expect(cuts[bin] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(value);
      }),
    );
  });
});

test("a known column gives its known figures", () => {
  const x = profileNumbers([4, null, 1, 2, Number.NaN, 3, -Infinity, 5.5], { seed: 1, bins: 2 });
  expect(x).toEqual({
    kind: "number",
    name: "x",
    nulls: 1,
    nan: 1,
    infinite: 1,
    integer: false,
    whole: 4,
    count: 5,
    min: 1,
    max: 5.5,
    moments: {
      mean: 3.1,
      m2: expect.closeTo(12.2, 12),
      m3: expect.closeTo(3.96, 12),
      m4: expect.closeTo(54.746, 12),
    },
    histogram: { cuts: [4], counts: [3, 2] },
    values: { values: [1, 2, 3, 4, 5.5], counts: [1, 1, 1, 1, 1] },
    quantiles: null,
    distinct: null,
  });
});

test("an offset of a hundred million does not blur the standard deviation", () => {
  const { mean, sd } = describeMoments(profileNumbers([1e8 + 4, 1e8 + 7, 1e8 + 13, 1e8 + 16]));
  expect(mean).toBe(1e8 + 10);
  expect(sd).toBeCloseTo(Math.sqrt(30), 12);
});

test("the same seed keeps the same rows, another seed others, and more columns change nothing", () => {
  const x = Float64Array.from({ length: 500 }, (_, row) => row);
  const draw = (seed: number, others = {}) =>
    sampleValues(profileColumns({ ...others, x }, { seed, sampleSize: 20 }), "x");
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1, { a: x })).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("every row has the same chance to be kept", () => {
  const values = Float64Array.from({ length: 50 }, (_, row) => row);
  const kept = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 2_000; seed += 1) {
    const { rows } = profileColumns({ x: values }, { seed, sampleSize: 10 }).sample;
    for (const row of rows) kept[row] = (kept[row] ?? 0) + 1;
  }
  // Each is kept 400 times on average, with a standard deviation of 17.9.
  expect(Math.min(...kept)).toBeGreaterThan(400 - 5 * 17.9);
  expect(Math.max(...kept)).toBeLessThan(400 + 5 * 17.9);
});

test("bins are about equally full on continuous values, and equal values stay together", () => {
  const random = createRandom(5);
  const smooth = Float64Array.from({ length: 1_000 }, () => random.uniform());
  const mostlyZero = smooth.map((_, row) => Math.max(0, row - 899));
  const countsOf = (values: Float64Array) => profileNumbers(values, { seed: 1, bins: 10 }).histogram.counts;
  expect(countsOf(smooth)).toEqual(new Array(10).fill(100));
  expect(countsOf(mostlyZero)).toEqual([900, 11, 11, 11, 11, 11, 11, 11, 12, 11]);
});

test("columns of different lengths, values of no kind and options out of range are refused", () => {
  const code = (wanted: string) => expect.objectContaining({ code: wanted });
  const objects = [{}] as unknown as number[];
  expect(() => profileColumns({ a: objects }, { seed: 1 })).toThrow(code("SCANFLOW_COLUMN_INVALID"));
  expect(() => profileColumns({ a: [1], b: [1, 2] }, { seed: 1 })).toThrow(/"b" has 2 rows, but "a" has 1/);
  for (const wrong of [
    { seed: 0.5 },
    { seed: 1, bins: 0 },
    { seed: 1, sampleSize: 0 },
    { seed: 1, firstRow: -1 },
  ]) {
    expect(() => profileColumns({}, wrong)).toThrow(code("SCANFLOW_CHECK_OPTION_INVALID"));
  }
});
