import { describe, expect, test } from "vitest";
import type { Matrix } from "../maths/matrix.ts";
import { createRandom, type Random } from "../random/random.ts";
import { classifierTest } from "./classifier-test.ts";
import fixture from "./fixtures/tests.json" with { type: "json" };
import { mmd } from "./mmd.ts";
import { reconstructionTest } from "./reconstruction-test.ts";

interface Change {
  readonly shift?: number;
  readonly scale?: number;
  /** How far the second column follows the first, −1 to 1. */
  readonly follow?: number;
}

/** Four columns of spread 1, of which the second goes with the first. */
function drawn(random: Random, rows: number, { shift = 0, scale = 1, follow = 0.95 }: Change = {}): Matrix {
  const values = new Float64Array(rows * 4);
  const normal = () => {
    let sum = -6;
    for (let part = 0; part < 12; part += 1) sum += random.uniform();
    return sum;
  };
  for (let row = 0; row < rows; row += 1) {
    const [a, b, c, d] = [normal(), normal(), normal(), normal()];
    values.set([a, follow * a + Math.sqrt(1 - follow ** 2) * b, shift + scale * c, scale * d], row * 4);
  }
  return { rows, columns: 4, values };
}

const tests = {
  mmd: (first: Matrix, second: Matrix, seed: number) => mmd(first, second, { seed, simulations: 200 }).pValue,
  classifierTest: (first: Matrix, second: Matrix, seed: number) =>
    classifierTest(first, second, { seed }).pValue,
  reconstructionTest: (first: Matrix, second: Matrix, seed: number) =>
    reconstructionTest(first, second, { seed }).pValue,
};

const SEEN: Record<keyof typeof tests, Change> = {
  mmd: { shift: 1.2 },
  classifierTest: { scale: 2.2 },
  reconstructionTest: { follow: -0.95 },
};

describe.each(Object.entries(tests))("%s", (name, pValueOf) => {
  test("p values at most 0.1 come one time in ten when nothing has changed, with unequal sizes", () => {
    const random = createRandom(8, name);
    let [low, middle] = [0, 0];
    for (let seed = 0; seed < 200; seed += 1) {
      const pValue = pValueOf(drawn(random, 40), drawn(random, 25), seed);
      if (pValue <= 0.1) low += 1;
      if (pValue <= 0.5) middle += 1;
    }
    expect(low).toBeGreaterThan(3);
    expect(low).toBeLessThan(35);
    expect(middle).toBeGreaterThan(60);
    expect(middle).toBeLessThan(122);
  });

  test("sees a change of its kind in 120 rows, the same for the same seed", () => {
    const random = createRandom(9, name);
    const [first, second] = [drawn(random, 120), drawn(random, 120, SEEN[name as keyof typeof tests])];
    const pValue = pValueOf(first, second, 3);
    expect(pValue).toBeLessThan(0.01);
    expect(pValueOf(first, second, 3)).toBe(pValue);
  });

  test("constant columns are no evidence, and a constant that changed is", () => {
    const constant = (value: number) => ({ rows: 20, columns: 2, values: new Float64Array(40).fill(value) });
    expect(pValueOf(constant(3), constant(3), 1)).toBe(1);
    expect(pValueOf(constant(3), constant(4), 1)).toBeLessThan(0.01);
  });

  test.each([
    ["one row", { rows: 1, columns: 2, values: Float64Array.of(1, 2) }],
    ["no columns", { rows: 20, columns: 0, values: new Float64Array(0) }],
    ["other columns", { rows: 20, columns: 1, values: new Float64Array(20) }],
    ["missing values", { rows: 20, columns: 2, values: new Float64Array(40).fill(Number.NaN) }],
    [
      "infinite values",
      { rows: 20, columns: 2, values: new Float64Array(40).fill(Number.POSITIVE_INFINITY) },
    ],
    ["values that are not rows × columns", { rows: 20, columns: 2, values: new Float64Array(39) }],
  ])("refuses %s", (_, bad) => {
    const good = { rows: 20, columns: 2, values: new Float64Array(40) };
    const refused = expect.objectContaining({ code: "SCANFLOW_SAMPLE_INVALID" });
    expect(() => pValueOf(bad, good, 1)).toThrow(refused);
    expect(() => pValueOf(good, bad, 1)).toThrow(refused);
  });
});

test("MMD² and the median distance are scikit-learn's and SciPy's", () => {
  for (const { columns, first, second, bandwidth, statistic } of fixture.kernel) {
    const matrix = (values: number[]) => ({
      rows: values.length / columns,
      columns,
      values: Float64Array.from(values),
    });
    const result = mmd(matrix(first), matrix(second), { seed: 1, simulations: 100 });
    expect(result.bandwidth).toBeCloseTo(bandwidth, 12);
    expect(result.statistic).toBeCloseTo(statistic, 12);
  }
});

test("mmd refuses more rows than memory is for, and a bandwidth that is none", () => {
  const many = { rows: 4_000, columns: 1, values: new Float64Array(4_000) };
  const few = { rows: 5, columns: 1, values: new Float64Array(5) };
  expect(() => mmd(many, few, { seed: 1 })).toThrow(
    expect.objectContaining({ code: "SCANFLOW_SAMPLE_INVALID" }),
  );
  const option = expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" });
  expect(() => mmd(few, few, { seed: 1, bandwidth: 0 })).toThrow(option);
  expect(() => mmd(few, few, { seed: 1, simulations: 1 })).toThrow(option);
});

test("reconstructionTest keeps as few components as hold 90 % of the variance, or those asked for", () => {
  const random = createRandom(10, "components");
  const [reference, window] = [drawn(random, 400), drawn(random, 100)];
  expect(reconstructionTest(reference, window, { seed: 1 }).components).toBe(3);
  expect(reconstructionTest(reference, window, { seed: 1, components: 1 }).components).toBe(1);
  expect(() => reconstructionTest(reference, window, { seed: 1, components: 4 })).toThrow(
    expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }),
  );
});

test("classifierTest tells samples that lie apart with certainty", () => {
  const random = createRandom(11, "apart");
  const result = classifierTest(drawn(random, 30), drawn(random, 90, { shift: 20 }), { seed: 1 });
  expect(result).toMatchObject({ statistic: 1, heldOut: 60 });
  expect(result.pValue).toBeLessThan(1e-10);
});
