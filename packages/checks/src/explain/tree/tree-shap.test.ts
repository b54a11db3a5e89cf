import { describe, expect, test } from "vitest";
import { expectClose, matrixOf, rowOf } from "../explain.support.ts";
import fixture from "./fixtures/lightgbm.json" with { type: "json" };
import { predictTrees } from "./predict-trees.ts";
import { readLightgbm } from "./read-lightgbm.ts";
import { treeShap } from "./tree-shap.ts";

describe.each(fixture.cases)("LightGBM, $name", (sample) => {
  const model = readLightgbm(sample.model);
  const rows = matrixOf(sample.rows);
  // LightGBM's raw scores and contributions of a forest are sums, though it answers a mean.
  const mean = (values: readonly number[]) => values.map((value) => value / model.divisor);

  test("scores are the same, bit for bit", () => {
    expect([...predictTrees(model, rows).values]).toEqual(mean(sample.raw.flat()));
  });

  test("answers are the same", () => {
    const { values } = predictTrees(model, rows, { scale: "answer" });
    expectClose(values, sample.answer.flat(), 14);
  });

  test("path-dependent Shapley values are the same", () => {
    const { base, values } = treeShap(model, rows);
    for (const [row, outputs] of sample.contributions.entries()) {
      for (const [output, contributions] of outputs.entries()) {
        expectClose([...rowOf(values[output], row), base[output] as number], mean(contributions), 11);
      }
    }
  });
});

test("interventional Shapley values are those of shap, which adds in 32 bits", () => {
  const sample = fixture.cases.find(({ name }) => name === "regression");
  const background = matrixOf(sample?.background ?? []);
  const { base, values } = treeShap(readLightgbm(sample?.model ?? ""), matrixOf(sample?.rows ?? []), {
    background,
  });
  expect(base[0]).toBeCloseTo(sample?.base?.[0] as number, 6);
  expectClose(values[0]?.values, sample?.interventional?.flat(2) ?? [], 6);
});

test("a model without covers asks for a background", () => {
  const model = readLightgbm(
    fixture.cases[0]?.model.replaceAll(/^(leaf_count|internal_count)=.*$/gm, "") ?? "",
  );
  const rows = matrixOf(fixture.cases[0]?.rows ?? []);
  expect(() => treeShap(model, rows)).toThrow(/tree 0 does not say .* give a background, or .* countCovers/);
  expect(treeShap(model, rows, { background: rows }).values[0]?.rows).toBe(rows.rows);
});
