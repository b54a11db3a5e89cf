import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChecksError } from "../../errors.ts";
import fixture from "./fixtures/lightgbm.json" with { type: "json" };
import { predictTrees } from "./predict-trees.ts";
import { readLightgbm } from "./read-lightgbm.ts";

const model = fixture.cases.find(({ name }) => name === "binary, categories")?.model ?? "";

describe("refuses what is no model file of LightGBM, and says where", () => {
  test.each<[string, string, RegExp]>([
    ["an empty file", "", /does not begin with "tree"/],
    [
      "another file",
      '{"learner": {}}',
      /does not begin with "tree". Give the file that Booster.save_model wrote/,
    ],
    ["a file that is cut off", model.slice(0, model.length / 2), /cut off/],
    ["a tree that is gone", model.replace(/Tree=3[\s\S]*?(?=Tree=4)/, ""), /has 9 of 10 trees/],
    ["a field that is gone", model.replace(/^threshold=.*$/m, ""), /tree 0 has no "threshold"/],
    [
      "too few numbers",
      model.replace(/^leaf_value=\S+ /m, "leaf_value="),
      /tree 0 has 7 numbers in "leaf_value" where 8/,
    ],
    ["a word", model.replace(/^leaf_value=\S+/m, "leaf_value=much"), /no number in "leaf_value", place 0/],
    [
      "a child that leads back",
      model.replace(/^left_child=\S+/m, "left_child=0"),
      /tree 0 has the child 0 at node 0/,
    ],
    ["a leaf that is not there", model.replace(/^left_child=\S+/m, "left_child=-99"), /has the child -99/],
    [
      "a feature that is not there",
      model.replace(/^split_feature=\S+/m, "split_feature=4"),
      /splits by the feature 4 of 4/,
    ],
    [
      "no feature names",
      model.replace(/^feature_names=.*$/m, "feature_names=a b"),
      /names 2 features, but max_feature_idx is 3/,
    ],
    [
      "linear leaves",
      model.replace(/^is_linear=0$/m, "is_linear=1"),
      /linear leaves.*Train without linear_tree/,
    ],
    [
      "a set of categories that is cut off",
      model.replace(/^cat_threshold=.*$/m, "cat_threshold=1"),
      /"cat_threshold"/,
    ],
  ])("%s", (_, text, message) => {
    expect(() => readLightgbm(text)).toThrow(message);
    expect(() => readLightgbm(text)).toThrow(expect.objectContaining({ code: "SCANFLOW_TREES_INVALID" }));
  });

  test("a file with any line damaged is read or refused, never more", () => {
    const lines = model.split("\n");
    const rows = { rows: 1, columns: 4, values: Float64Array.of(1, 2, 3, 4) };
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ maxLength: 12 }), (at, text) => {
        const [key] = (lines[at] ?? "").split("=");
        const damaged = lines.with(at, `${key}=${text}`).join("\n");
        try {
          predictTrees(readLightgbm(damaged), rows);
        } catch (error) {
          expect(error).toBeInstanceOf(ChecksError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("a file with the line ends of Windows is the same model", () => {
  expect(readLightgbm(model.replaceAll("\n", "\r\n"))).toEqual(readLightgbm(model));
});

test("a threshold above all values, which LightGBM writes for splits of the last bin, is read", () => {
  const text = model.replace(/^threshold=\S+ /m, "threshold=inf ");
  expect(readLightgbm(text).trees[0]?.threshold[0]).toBe(Number.POSITIVE_INFINITY);
  expect(readLightgbm(text.replace("=inf ", "=-inf ")).trees[0]?.threshold[0]).toBe(Number.NEGATIVE_INFINITY);
});

test("rows of another width are refused", () => {
  const rows = { rows: 1, columns: 3, values: new Float64Array(3) };
  expect(() => predictTrees(readLightgbm(model), rows)).toThrow(/3 columns, but the model has 4 features/);
});
