import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { JsonObject } from "../json/json.ts";
import { BUILT_INS } from "./built-ins.ts";
import { checkContext } from "./check-context.ts";
import type { Checker } from "./checker.ts";
import { datasetOf } from "./dataset-of.ts";

test.each(Object.entries(BUILT_INS))(
  "%s loads, and answers a verdict or an error with a code to data that do not fit",
  async (name, { load, description }) => {
    expect(description).not.toMatch(/[.\n]$/);
    const checker = await load();
    const table = datasetOf("table", batchOf({ x: [1, 2] }));
    const answer = await Promise.resolve(checker(table, table, checkContext(name))).catch((error) => error);
    const told: unknown = answer.status ?? answer.code;
    expect([
      "ok",
      "warning",
      "alarm",
      "invalid",
      "SCANFLOW_CHECK_OPTION_INVALID",
      "SCANFLOW_MODEL_TESTS_INVALID",
    ]).toContain(told);
  },
);

const NEEDED: Readonly<Record<string, JsonObject>> = {
  integrity: {},
  sanity: {},
  performance: { label: "y" },
  "estimated-performance": { label: "y", probabilities: "p" },
  calibration: { label: "y", probabilities: "p" },
  skew: { id: "x" },
  "prediction-drift": { prediction: "p" },
  slices: { label: "y" },
  fairness: { groups: ["x"] },
  importance: {},
  poison: { label: "y" },
  detector: {},
  shift: {},
  "stream-detector": { detector: "adwin", column: "x" },
  "model-tests": { tests: { label: "y", prediction: "z", tests: [{ metric: "accuracy", min: 0.5 }] } },
};

test.each(Object.entries(NEEDED))(
  "%s refuses a misspelt param, and knows those of the table",
  async (name, params) => {
    const table = datasetOf("table", batchOf({ x: [1, 2] }));
    const checker = (await BUILT_INS[name]?.load()) as Checker;
    const context = checkContext(name, { params: { ...params, minimumDorp: 0.1 } });
    const error = await Promise.resolve(checker(table, table, context)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "SCANFLOW_CHECK_OPTION_INVALID" });
    const [, listed = ""] = /"minimumDorp" is 0.1, not a param of it: ([\w, ]+)\./.exec(String(error)) ?? [];
    expect(listed.split(", ").sort()).toEqual(Object.keys(BUILT_INS[name]?.params ?? {}).sort());
  },
);
