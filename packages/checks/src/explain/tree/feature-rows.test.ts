import { describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { expectClose, rowOf } from "../explain.support.ts";
import { featureRows } from "./feature-rows.ts";
import fixture from "./fixtures/pandas.json" with { type: "json" };
import { readLightgbm } from "./read-lightgbm.ts";
import { treeShap } from "./tree-shap.ts";

const model = readLightgbm(fixture.model);

test("the categories of pandas are read from the model file", () => {
  expect([...model.levels]).toEqual([
    ["city", ["Bonn", "Graz", "New York"]],
    ["unused", ["x"]],
    ["size", ["10", "20", "30"]],
  ]);
});

test("so a table of texts, numbers and booleans has LightGBM's own contributions", () => {
  const rows = featureRows(model, batchOf(fixture.columns));
  const { base, values } = treeShap(model, rows);
  for (const [row, wanted] of fixture.contributions.entries()) {
    expectClose([...rowOf(values[0], row), base[0] as number], wanted, 12);
  }
});

test("a category that the model never saw is missing, as pandas has it", () => {
  const { values } = featureRows(model, batchOf({ ...fixture.columns, city: Array(12).fill("Rome") }));
  expect(values[1]).toBeNaN();
});

test("where it is not sure which columns the categories belong to, none are known", () => {
  const doubtful = fixture.model.replace(/^pandas_categorical:.*$/m, 'pandas_categorical:[["a"]]');
  expect(readLightgbm(doubtful).levels.size).toBe(0);
  const none = fixture.model.replace(/^pandas_categorical:.*$/m, "pandas_categorical:null");
  expect(readLightgbm(none).levels.size).toBe(0);
});

describe("refuses", () => {
  test.each<[string, object, RegExp]>([
    ["a column that is not there", { age: undefined }, /Column "age" is not there/],
    ["texts of no category", { age: Array(12).fill("old") }, /Column "age" holds texts whose numbers/],
  ])("%s", (_, change, message) => {
    const columns = Object.entries({ ...fixture.columns, ...change }).filter(
      ([, values]) => values !== undefined,
    );
    expect(() => featureRows(model, batchOf(Object.fromEntries(columns)))).toThrow(message);
  });
});
