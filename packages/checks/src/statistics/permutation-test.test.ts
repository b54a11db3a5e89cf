import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../random/random.ts";
import type { ValueDistanceName } from "./distance/measure-values.ts";
import { measureValues } from "./distance/measure-values.ts";
import { permutationTest } from "./permutation-test.ts";

const names = ["wasserstein", "energy", "cramer-von-mises", "anderson-darling", "ks"] as const;

const drawn = (random: Random, size: number, shift = 0) =>
  Float64Array.from({ length: size }, () => shift + random.uniform() + random.uniform() + random.uniform());

describe.each(names)("%s", (distance) => {
  test("p values are uniform when nothing has changed", () => {
    const random = createRandom(5, distance);
    let [low, middle] = [0, 0];
    for (let seed = 0; seed < 300; seed += 1) {
      const options = { distance, simulations: 200, seed };
      const { pValue } = permutationTest(drawn(random, 20), drawn(random, 35), options);
      if (pValue <= 0.1) low += 1;
      if (pValue <= 0.5) middle += 1;
    }
    expect(low).toBeGreaterThan(12);
    expect(low).toBeLessThan(50);
    expect(middle).toBeGreaterThan(120);
    expect(middle).toBeLessThan(180);
  });

  test("a shift of one standard deviation is found, the same for the same seed", () => {
    const random = createRandom(6, distance);
    const [first, second] = [drawn(random, 60), drawn(random, 50, 0.5)];
    const result = permutationTest(first, second, { distance, seed: 1 });
    expect(result.pValue).toBeLessThan(0.01);
    expect(result.statistic).toBe(measureValues(first, second, { distance }));
    expect(permutationTest(first, second, { distance, seed: 1 })).toEqual(result);
  });
});

test("with every value tied there is nothing to find", () => {
  for (const distance of names)
    expect(permutationTest([2, 2], [2, 2, 2], { distance, seed: 1 }).pValue).toBe(1);
});

test("two values that outweigh all others come to lie in one sample by chance: the tail of the draws does not tell how seldom", () => {
  const random = createRandom(7, "outliers");
  const first = [...drawn(random, 98), 1e6, 1e6];
  const second = drawn(random, 1_000);
  const chance = (100 / 1_100) * (99 / 1_099);
  for (let seed = 0; seed < 5; seed += 1) {
    const { pValue } = permutationTest(first, second, { distance: "wasserstein", seed });
    expect(pValue).toBeGreaterThan(chance / 5);
  }
});

test.each([
  ["an empty sample", [], "SCANFLOW_SAMPLE_INVALID", {}],
  ["NaN", [1, Number.NaN], "SCANFLOW_SAMPLE_INVALID", {}],
  ["infinity", [1, Number.POSITIVE_INFINITY], "SCANFLOW_SAMPLE_INVALID", {}],
  ["too few simulations", [1], "SCANFLOW_CHECK_OPTION_INVALID", { simulations: 5 }],
  ["an unknown distance", [1], "SCANFLOW_CHECK_OPTION_INVALID", { distance: "valueOf" as ValueDistanceName }],
])("refuses %s", (_, first, code, options) => {
  expect(() => permutationTest(first, [1, 2], { distance: "ks", seed: 1, ...options })).toThrow(
    expect.objectContaining({ code }),
  );
});
