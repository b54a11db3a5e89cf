import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { chiSquareTest, gTest } from "./chi-square-test.ts";
import { measureCounts } from "./distance/measure-counts.ts";
import { fisherExact } from "./fisher-exact.ts";
import fixture from "./fixtures/tests.json" with { type: "json" };
import { proportionsTest } from "./proportions-test.ts";

const refused = expect.objectContaining({ code: "SCANFLOW_SAMPLE_INVALID" });

function near(actual: number, expected: number) {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    1e-11 * Math.abs(expected),
  );
}

test("χ² and G are SciPy's, without correction", () => {
  for (const { first, second, ...expected } of fixture.counts) {
    const chi = chiSquareTest(first, second);
    near(chi.statistic, expected.chiSquare);
    near(chi.pValue, expected.chiSquareP);
    near(chi.smallestExpected, expected.smallestExpected);
    expect(chi.degreesOfFreedom).toBe(expected.degreesOfFreedom);
    const g = gTest(first, second);
    near(g.statistic, expected.g);
    near(g.pValue, expected.gP);
  }
});

test("Fisher's p value and odds ratio are SciPy's, ties between tables counted", () => {
  for (const { first, second, fisherP, odds } of fixture.shares) {
    const { statistic, pValue } = fisherExact(first, second);
    near(pValue, fisherP);
    if (odds !== null) near(statistic, odds);
  }
});

test("z of two shares is statsmodels'", () => {
  for (const { first, second, z, zP } of fixture.shares) {
    const { statistic, pValue } = proportionsTest(first, second);
    near(statistic, z);
    near(pValue, zP);
  }
});

test("z squared is χ² of the same table", () => {
  const share = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
    .filter(([a, b]) => a + b > 0);
  fc.assert(
    fc.property(share, share, ([a, b], [c, d]) => {
      const z = proportionsTest({ hits: a, rows: a + b }, { hits: c, rows: c + d });
      const chi = chiSquareTest([a, b], [c, d]);
      expect(z.statistic ** 2).toBeCloseTo(chi.statistic, 8);
      expect(z.pValue).toBeCloseTo(chi.pValue, 8);
    }),
  );
});

test("all tables alike are no evidence", () => {
  expect(chiSquareTest([7, 0], [9, 0])).toMatchObject({ statistic: 0, pValue: 1, degreesOfFreedom: 0 });
  expect(fisherExact({ hits: 0, rows: 4 }, { hits: 0, rows: 9 }).pValue).toBe(1);
  expect(proportionsTest({ hits: 4, rows: 4 }, { hits: 9, rows: 9 })).toMatchObject({
    statistic: 0,
    pValue: 1,
  });
});

test("under the null χ² and G reject 5 % of the time, Fisher at most so often; a changed share is seen", () => {
  const random = createRandom(3, "null");
  const drawn = (rows: number, chance: number) => {
    let hits = 0;
    for (let row = 0; row < rows; row += 1) if (random.uniform() < chance) hits += 1;
    return { hits, rows };
  };
  const table = ({ hits, rows }: { hits: number; rows: number }) => [hits, rows - hits];
  const rejected = { chi: 0, g: 0, fisher: 0, power: 0 };
  for (let trial = 0; trial < 1_000; trial += 1) {
    const [a, b, c] = [drawn(150, 0.3), drawn(200, 0.3), drawn(200, 0.5)];
    if (chiSquareTest(table(a), table(b)).pValue <= 0.05) rejected.chi += 1;
    if (gTest(table(a), table(b)).pValue <= 0.05) rejected.g += 1;
    if (fisherExact(a, b).pValue <= 0.05) rejected.fisher += 1;
    if (fisherExact(a, c).pValue <= 0.05) rejected.power += 1;
  }
  for (const count of [rejected.chi, rejected.g]) {
    expect(count).toBeGreaterThan(30);
    expect(count).toBeLessThan(72);
  }
  expect(rejected.fisher).toBeLessThan(60);
  expect(rejected.power).toBeGreaterThan(900);
});

describe("refuses", () => {
  test.each([
    ["other lengths", [1, 2], [1, 2, 3]],
    ["no rows", [0, 0], [1, 2]],
    ["no bins", [], []],
    ["negative counts", [1, -2], [1, 2]],
    ["parts of rows", [1, 2.5], [1, 2]],
    ["NaN", [1, Number.NaN], [1, 2]],
  ])("%s", (_, first, second) => {
    expect(() => chiSquareTest(first, second)).toThrow(refused);
    expect(() => gTest(first, second)).toThrow(refused);
    expect(() => measureCounts(first, second, { distance: "psi" })).toThrow(refused);
  });

  test.each([
    ["no rows", 0, 0],
    ["more hits than rows", 5, 4],
    ["negative hits", -1, 4],
    ["NaN", Number.NaN, 4],
  ])("shares of %s", (_, hits, rows) => {
    expect(() => fisherExact({ hits, rows }, { hits: 1, rows: 2 })).toThrow(refused);
    expect(() => proportionsTest({ hits: 1, rows: 2 }, { hits, rows })).toThrow(refused);
  });

  test("a distance of no known name", () => {
    const distance = "toString" as "psi";
    expect(() => measureCounts([1], [1], { distance })).toThrow(
      expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }),
    );
  });
});
