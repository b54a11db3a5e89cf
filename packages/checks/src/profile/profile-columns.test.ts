import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { countInBins } from "./histogram.ts";
import { parseProfile } from "./parse-profile.ts";
import { profileColumns } from "./profile-columns.ts";

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
        expect(Object.keys(profile.columns)).toEqual([name]);
      }),
    );
  });

  test("every row is counted once, every finite value in one bin, and the sample is drawn from the values", () => {
    fc.assert(
      fc.property(column, settings, (values, options) => {
        const { x } = profileColumns({ x: values }, options).columns;
        const finite = values.filter((value) => Number.isFinite(value));
        expect(x?.count).toBe(finite.length);
        expect((x?.count ?? 0) + (x?.nulls ?? 0) + (x?.infinite ?? 0)).toBe(values.length);
        expect(x?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
        const left = finite.map((value) => (value ?? 0) + 0);
        for (const value of x?.sample.values ?? []) {
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
  const profile = profileColumns({ x: [4, null, 1, 2, Number.NaN, 3, -Infinity, 5] }, { seed: 1, bins: 2 });
  expect(profile.columns.x).toEqual({
    count: 5,
    nulls: 2,
    infinite: 1,
    min: 1,
    max: 5,
    mean: 3,
    sd: Math.sqrt(2.5),
    sample: { limit: 1000, values: [1, 2, 3, 4, 5] },
    histogram: { cuts: [4], counts: [3, 2] },
  });
});

test("an offset of a hundred million does not blur the standard deviation", () => {
  const { x } = profileColumns({ x: [1e8 + 4, 1e8 + 7, 1e8 + 13, 1e8 + 16] }, { seed: 1 }).columns;
  expect(x?.mean).toBe(1e8 + 10);
  expect(x?.sd).toBeCloseTo(Math.sqrt(30), 12);
});

test("the same seed draws the same sample, another seed another, and more columns change nothing", () => {
  const x = Float64Array.from({ length: 500 }, (_, row) => row);
  const draw = (seed: number, others = {}) =>
    profileColumns({ ...others, x }, { seed, sampleSize: 20 }).columns.x;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1, { a: x })).toEqual(draw(1));
  expect(draw(1)?.sample).not.toEqual(draw(2)?.sample);
});

test("every row has the same chance to be kept", () => {
  const values = Float64Array.from({ length: 50 }, (_, row) => row);
  const kept = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 2_000; seed += 1) {
    const { x } = profileColumns({ x: values }, { seed, sampleSize: 10 }).columns;
    for (const row of x?.sample.values ?? []) kept[row] = (kept[row] ?? 0) + 1;
  }
  // Each is kept 400 times on average, with a standard deviation of 17.9.
  expect(Math.min(...kept)).toBeGreaterThan(400 - 5 * 17.9);
  expect(Math.max(...kept)).toBeLessThan(400 + 5 * 17.9);
});

test("bins are about equally full on continuous values, and equal values stay together", () => {
  const random = createRandom(5);
  const smooth = Float64Array.from({ length: 1_000 }, () => random.uniform());
  const mostlyZero = smooth.map((_, row) => Math.max(0, row - 899));
  const { columns } = profileColumns({ smooth, mostlyZero }, { seed: 1, bins: 10 });
  expect(columns.smooth?.histogram.counts).toEqual(new Array(10).fill(100));
  expect(columns.mostlyZero?.histogram.counts).toEqual([900, 11, 11, 11, 11, 11, 11, 11, 12, 11]);
});

test("what is no number, columns of different lengths and options out of range are refused", () => {
  const words = ["a"] as unknown as number[];
  const code = (wanted: string) => expect.objectContaining({ code: wanted });
  expect(() => profileColumns({ word: words }, { seed: 1 })).toThrow(code("SCANFLOW_COLUMN_INVALID"));
  expect(() => profileColumns({ word: words }, { seed: 1 })).toThrow(/Column "word" holds "a" in row 0/);
  expect(() => profileColumns({ a: [1], b: [1, 2] }, { seed: 1 })).toThrow(/"b" has 2 rows, but "a" has 1/);
  expect(() => profileColumns({}, { seed: 0.5 })).toThrow(code("SCANFLOW_CHECK_OPTION_INVALID"));
  expect(() => profileColumns({}, { seed: 1, bins: 0 })).toThrow(code("SCANFLOW_CHECK_OPTION_INVALID"));
});
