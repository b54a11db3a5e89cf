import { describe, expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { matrixOf, predictor } from "../explain.support.ts";
import { permutationImportance } from "./permutation-importance.ts";

const random = createRandom(5);
const rows = matrixOf(
  Array.from({ length: 800 }, () => [random.uniform(), random.uniform(), random.uniform(), 3]),
);
const linear = predictor(([a = 0, b = 0]) => [4 * a - 2 * b]);
const truth = Float64Array.from({ length: rows.rows }, (_, row) => {
  const [a = 0, b = 0] = rows.values.subarray(row * 4);
  return 4 * a - 2 * b;
});

test("of a linear model, the squared error grows by twice the squared weight times the variance", async () => {
  const { score, features } = await permutationImportance(
    linear,
    { rows, truth },
    { score: "squared-error", seed: 1 },
  );
  expect(score).toBeCloseTo(0, 20);
  // A uniform feature has the variance 1/12.
  for (const [at, weight] of [4, 2].entries()) {
    const wanted = (2 * weight ** 2) / 12;
    expect(Math.abs((features[at]?.mean ?? 0) / wanted - 1)).toBeLessThan(0.1);
    expect(features[at]?.low).toBeLessThan(features[at]?.mean ?? 0);
    expect(features[at]?.high).toBeGreaterThan(features[at]?.mean ?? 0);
  }
});

test("a feature that the model does not use, and one that is constant, have no importance at all", async () => {
  const { features } = await permutationImportance(linear, { rows, truth }, { score: "r2" });
  expect(features.slice(2).flatMap(({ drops }) => drops)).toEqual(Array(20).fill(0));
});

test("the same seed gives the same drops, another seed others; a new column changes no other", async () => {
  const ask = (seed: number) =>
    permutationImportance(linear, { rows, truth }, { score: "r2", seed, repeats: 2 });
  expect(await ask(1)).toEqual(await ask(1));
  expect((await ask(2)).features[0]?.drops).not.toEqual((await ask(1)).features[0]?.drops);
});

describe("scores", () => {
  const answers = matrixOf([[0.9], [0.2], [0.6], [0.4]]);
  const labels = Float64Array.of(1, 0, 0, 0);
  const scoreBy = async (
    score: "accuracy" | "log-loss" | "absolute-error",
    given = answers,
    wanted = labels,
  ) =>
    (
      await permutationImportance(
        () => given,
        { rows: matrixOf([[1], [2], [3], [4]]), truth: wanted },
        { score, repeats: 2 },
      )
    ).score;

  test("accuracy of one probability, and of one per class", async () => {
    expect(await scoreBy("accuracy")).toBe(0.75);
    const three = matrixOf([
      [0.1, 0.8, 0.1],
      [0.5, 0.3, 0.2],
      [0.1, 0.2, 0.7],
      [0.2, 0.5, 0.3],
    ]);
    expect(await scoreBy("accuracy", three, Float64Array.of(1, 0, 2, 2))).toBe(0.75);
  });

  test("log loss and absolute error, negated", async () => {
    const wanted = (Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.6)) / 4;
    expect(await scoreBy("log-loss")).toBeCloseTo(wanted, 14);
    expect(await scoreBy("absolute-error")).toBeCloseTo(-(0.1 + 0.2 + 0.6 + 0.4) / 4, 14);
  });
});

describe("refuses", () => {
  test.each<[string, object, RegExp]>([
    ["an unknown score", { score: "beauty" }, /"score" is "beauty": give one of accuracy, log-loss/],
    ["one repeat", { repeats: 1 }, /"repeats" is 1: give a whole number from 2 to 1000/],
    ["a truth of another length", { truth: new Float64Array(3) }, /3 true values for 800 rows/],
    ["a truth that is missing", { truth: truth.with(7, Number.NaN) }, /true value of row 7 is NaN/],
    ["a truth that is all the same", { truth: truth.slice().fill(1), score: "r2" }, /score is -Infinity/],
  ])("%s", async (_, wrong, message) => {
    const given = { rows, truth, score: "squared-error" as const, ...wrong };
    await expect(permutationImportance(linear, given, given)).rejects.toThrow(message);
  });
});
