import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { createRandom, type Random } from "../../random/random.ts";
import { encodeFeatures } from "../table/encode-features.ts";
import type { SliceTable } from "../table/slice-table.ts";
import { findWorstSlices } from "./find-worst-slices.ts";

const CITIES = ["Bonn", "Graz", "Lyon", "Oslo", "Rome"];

function people(random: Random, rows: number, errorRate: (city: string, age: number, pet: string) => number) {
  const city = Array.from({ length: rows }, () => CITIES[random.below(5)] as string);
  const age = Array.from({ length: rows }, () => 20 + random.below(60));
  const pet = Array.from({ length: rows }, () => (random.uniform() < 0.5 ? "cat" : "dog"));
  const losses = Float64Array.from(city, (own, row) =>
    Number(random.uniform() < errorRate(own, age[row] as number, pet[row] as string)),
  );
  return { table: encodeFeatures(batchOf({ city, age, pet })), losses };
}

describe("what is found", () => {
  test("a planted slice comes first, with its size and its loss in the interval", () => {
    const { table, losses } = people(createRandom(5), 8_000, (city, _, pet) =>
      city === "Oslo" && pet === "dog" ? 0.5 : 0.1,
    );
    const [worst, ...others] = findWorstSlices(table, losses).slices;
    expect(worst?.text).toBe("city is Oslo and pet is dog");
    expect(worst?.share).toBeCloseTo(0.1, 1);
    expect(worst?.loss.low).toBeLessThan(0.5);
    expect(worst?.loss.high).toBeGreaterThan(0.5);
    expect(worst?.otherLoss).toBeCloseTo(0.1, 1);
    expect(worst?.adjustedPValue).toBeLessThan(1e-6);
    expect(others.every(({ score }) => score <= (worst?.score ?? 0))).toBe(true);
  });

  test("a range of numbers, and three conditions where they are asked for", () => {
    const { table, losses } = people(createRandom(6), 20_000, (city, age, pet) =>
      city === "Rome" && age < 35 && pet === "cat" ? 0.8 : 0.05,
    );
    const { slices } = findWorstSlices(table, losses, { depth: 3 });
    expect(slices[0]?.text).toMatch(/^city is Rome and age < 3[45] and pet is cat$/);
  });

  test("missing values make a slice of their own", () => {
    const random = createRandom(7);
    const income = Array.from({ length: 4_000 }, () => (random.uniform() < 0.1 ? null : random.uniform()));
    const losses = Float64Array.from(income, (value) =>
      Number(random.uniform() < (value === null ? 0.6 : 0.1)),
    );
    const { slices } = findWorstSlices(encodeFeatures(batchOf({ income })), losses);
    expect(slices.map(({ text }) => text)).toEqual(["income is missing"]);
  });

  test.each([0.2, 0.01])(
    "nothing, when errors of rate %d fall anywhere, but for the false finds allowed",
    (rate) => {
      const random = createRandom(8);
      let found = 0;
      for (let table = 0; table < 60; table += 1) {
        const { table: rows, losses } = people(random, 1_500, () => rate);
        found += Number(findWorstSlices(rows, losses, { minimumEffect: 0 }).slices.length > 0);
      }
      expect(found / 60).toBeLessThanOrEqual(0.1);
    },
  );

  test("a model without errors has no worst slice", () => {
    const { table } = people(createRandom(9), 500, () => 0);
    expect(findWorstSlices(table, new Float64Array(500))).toMatchObject({ slices: [], loss: 0 });
  });
});

/** The best score of all slices, by going through the rows of each. */
function bruteForce(table: SliceTable, losses: Float64Array, depth: number, least: number): number {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / table.rows;
  let best = 0;
  function visit(from: number, rows: readonly number[], left: number): void {
    for (let at = from; at < table.features.length; at += 1) {
      const feature = table.features[at];
      for (let code = 0; code < (feature?.parts.length ?? 0); code += 1) {
        const own = rows.filter((row) => feature?.codes[row] === code);
        if (own.length < least || own.length === table.rows) continue;
        const loss = own.reduce((sum, row) => sum + (losses[row] as number), 0) / own.length;
        best = Math.max(best, 0.95 * (loss / mean - 1) - 0.05 * (table.rows / own.length - 1));
        if (left > 1) visit(at + 1, own, left - 1);
      }
    }
  }
  visit(
    0,
    Array.from({ length: table.rows }, (_, row) => row),
    depth,
  );
  return best;
}

test("no slice scores higher than the first one, pruned or not", () => {
  const level = fc.integer({ min: 0, max: 3 });
  const row = fc.tuple(level, level, level, level, fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 20, maxLength: 120 }),
      fc.integer({ min: 1, max: 3 }),
      (rows, depth) => {
        const columns = Object.fromEntries(
          [0, 1, 2, 3].map((at) => [`c${at}`, rows.map((own) => `${own[at]}`)]),
        );
        const table = encodeFeatures(batchOf(columns));
        const losses = Float64Array.from(rows, (own) => own[4] ** 2);
        const options = { depth, minimumSupport: 5, minimumEffect: 0, significance: 1 };
        const found = findWorstSlices(table, losses, options).slices[0]?.score ?? 0;
        const best = losses.some((loss) => loss > 0) ? bruteForce(table, losses, depth, 5) : 0;
        expect(found).toBeCloseTo(best, 10);
      },
    ),
    { numRuns: 60 },
  );
});

test("combinations of columns that nothing can come of are not counted", () => {
  const random = createRandom(3);
  const rows = 4_000;
  const columns = Object.fromEntries(
    Array.from({ length: 6 }, (_, at) => [
      `c${at}`,
      Array.from({ length: rows }, () => `${random.below(12)}`),
    ]),
  );
  const losses = Float64Array.from({ length: rows }, () => Number(random.uniform() < 0.3));
  const { pruned } = findWorstSlices(encodeFeatures(batchOf(columns)), losses, { depth: 3 });
  expect(pruned).toBe(20);
});

describe("what cannot be searched is refused", () => {
  const table = encodeFeatures(batchOf({ a: ["x", "y"] }));
  test.each([
    ["too few losses", new Float64Array(1), {}, "SCANFLOW_ANSWERS_INVALID"],
    ["a loss that is none", Float64Array.of(1, Number.NaN), {}, "SCANFLOW_ANSWERS_INVALID"],
    ["depth 4", Float64Array.of(1, 0), { depth: 4 }, "SCANFLOW_CHECK_OPTION_INVALID"],
    ["a support of 1", Float64Array.of(1, 0), { minimumSupport: 1 }, "SCANFLOW_CHECK_OPTION_INVALID"],
  ])("%s", (_, losses, options, code) => {
    expect(() => findWorstSlices(table, losses, options)).toThrow(expect.objectContaining({ code }));
  });

  test("more columns than can be combined, with what to do", () => {
    const wide = Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`c${at}`, ["x", "y"]]));
    const search = (depth: number) =>
      findWorstSlices(encodeFeatures(batchOf(wide)), Float64Array.of(1, 0), { depth, minimumSupport: 2 });
    expect(() => search(2)).toThrow(
      /700 columns make 244,650 combinations of 2, and 200,000 are the most: name/,
    );
    expect(search(1).slices).toEqual([]);
  });

  test("a column that is not there", () => {
    expect(() => encodeFeatures(batchOf({ a: ["x"] }), { columns: ["b"] })).toThrow(
      /"b" is not in the table: name/,
    );
  });
});
