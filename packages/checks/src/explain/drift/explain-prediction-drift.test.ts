import { describe, expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { matrixOf, predictor } from "../explain.support.ts";
import { kernelShap } from "../kernel/kernel-shap.ts";
import { explainPredictionDrift } from "./explain-prediction-drift.ts";

const random = createRandom(4);
const rows = (count: number, [a, b]: readonly [number, number]) =>
  matrixOf(
    Array.from({ length: count }, () => [random.uniform() + a, random.uniform() + b, random.uniform()]),
  );
const model = predictor(([a = 0, b = 0, c = 0]) => [3 * a + 0.01 * b + c, 0]);
const background = rows(20, [0, 0]);
const explain = (table: typeof background) =>
  kernelShap(model, table, { background, features: ["a", "b", "c"] });

describe("a model that rests on a and little on b", async () => {
  const before = await explain(rows(300, [0, 0]));
  const after = await explain(rows(200, [0.2, 5]));
  const { reference, window, features, sentence, figure } = explainPredictionDrift(before, after);

  test("is moved by the small shift of a, not by the large one of b", () => {
    expect(features[0]?.feature).toBe("a");
    expect(features[0]?.shift).toBeGreaterThan(0.4);
    expect(features[0]?.pValue).toBeLessThan(1e-6);
    expect(features.find(({ feature }) => feature === "b")?.shift).toBeCloseTo(0.05, 2);
    expect(sentence).toMatch(/^the mean answer went from 1\.\d+ to 2\.\d+: \+0\.6\d+ by a, \+0\.05\d* by b$/);
  });

  test("by what adds up to the whole move, each within its interval", () => {
    expect(features.reduce((sum, { shift }) => sum + shift, 0)).toBeCloseTo(window - reference, 12);
    for (const { shift, low, high } of features) {
      expect(low).toBeLessThan(shift);
      expect(high).toBeGreaterThan(shift);
    }
    expect(figure.categories).toEqual(features.map(({ feature }) => feature));
  });

  test("and an output that never moves is told so", () => {
    const still = explainPredictionDrift(before, after, { output: 1 });
    expect(still.sentence).toBe("the mean answer went from 0 to 0; no feature did more than chance would");
  });

  test("two models are not compared", async () => {
    const other = { ...after, base: after.base.map((base) => base + 1) };
    expect(() => explainPredictionDrift(before, other)).toThrow(/other base values/);
    expect(() => explainPredictionDrift(before, { ...after, features: ["a", "c", "b"] })).toThrow(
      /other features/,
    );
    expect(() => explainPredictionDrift(before, after, { output: 2 })).toThrow(
      /"output" is 2: .* from 0 to 1/,
    );
  });
});
