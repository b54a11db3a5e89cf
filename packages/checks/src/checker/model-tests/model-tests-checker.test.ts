import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../../batch/batch-of.ts";
import { cellOf } from "../../batch/cell-of.ts";
import { columnOf } from "../../batch/column-batch.ts";
import type { JsonObject } from "../../json/json.ts";
import { profileColumns } from "../../profile/profile-columns.ts";
import { checkContext } from "../check-context.ts";
import type { CheckContext, PredictRows } from "../checker.ts";
import { datasetOf, datasetOfProfile } from "../dataset-of.ts";
import { modelTestsChecker } from "./model-tests-checker.ts";

/** 100 rows: who is older than 50 buys; the model errs in every tenth row, all of them in Graz. */
const PEOPLE: Readonly<Record<string, ColumnValues>> = {
  age: Array.from({ length: 100 }, (_, row) => row),
  city: Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? "Graz" : "Linz")),
  member: Array.from({ length: 100 }, (_, row) => row % 4 === 0),
  bought: Array.from({ length: 100 }, (_, row) => (row > 50 ? "yes" : "no")),
  said: Array.from({ length: 100 }, (_, row) => (row > 50 !== (row % 10 === 0) ? "yes" : "no")),
};

/** Says yes above 50, and nothing of who has no age. */
const predict: PredictRows = async (rows) => {
  const age = columnOf(rows, "age");
  const ages = Array.from({ length: rows.rows }, (_, row) => (age === undefined ? null : cellOf(age, row)));
  return batchOf({ said: ages.map((years) => (years === null ? null : Number(years) > 50 ? "yes" : "no")) });
};

interface Asked {
  readonly columns?: Readonly<Record<string, ColumnValues>>;
  readonly roles?: JsonObject;
  readonly context?: Partial<CheckContext>;
}

function check(tests: readonly JsonObject[], { columns = PEOPLE, roles = {}, context = {} }: Asked = {}) {
  const document = { label: "bought", prediction: "said", ...roles, tests };
  const window = datasetOf("people", batchOf(columns));
  return modelTestsChecker(window, null, checkContext("gate", { ...context, params: { tests: document } }));
}

const model: Asked = { roles: { predictor: "model" }, context: { openPredictor: async () => predict } };

describe("figures", () => {
  test("are held to their limits over all rows and over those that meet a condition", async () => {
    const verdict = await check([
      { metric: "accuracy", min: 0.9 },
      { name: "Graz", metric: "accuracy", min: 0.85, where: { city: "Graz" } },
      { name: "young", metric: "accuracy", max: 0.95, where: { age: { to: 30 } } },
      { name: "members or not", metric: "accuracy", min: 0.9, where: { member: ["true", "false"] } },
      {
        name: "not so old",
        metric: "accuracy",
        min: 0.9,
        where: { age: { from: 41, to: 71 }, city: "Linz" },
        minimumSample: 10,
      },
    ]);
    expect(verdict.evidence).toMatchObject({
      accuracy: { status: "ok", value: 0.9, rows: 100, min: 0.9, max: null },
      Graz: { status: "alarm", value: 0.8, rows: 50 },
      young: { status: "ok", value: 0.9, rows: 30 },
      "members or not": { status: "ok", rows: 100 },
      "not so old": { status: "ok", value: 1, rows: 15 },
    });
    expect(verdict).toMatchObject({ status: "alarm", kind: "performance", columns: ["Graz"] });
    expect(verdict.message).toMatch(/^1 of 5 tests failed: "Graz" \(0\.8, wanted at least 0\.85\)\. Do not/);
  });

  test("of which the whole interval must lie within the limits fail where the figure alone would pass", async () => {
    const limits = { metric: "accuracy", min: 0.86 };
    const verdict = await check([limits, { ...limits, name: "surely", confident: true }]);
    expect(verdict.columns).toEqual(["surely"]);
  });

  test("are of the model's own answers where there is one, not of those in the data", async () => {
    const verdict = await check([{ metric: "accuracy", min: 1 }], model);
    expect(verdict).toMatchObject({ status: "ok", message: "All 1 tests passed." });
  });
});

describe("invariance", () => {
  test("is the share of rows whose prediction changes, by adding or by setting", async () => {
    const verdict = await check(
      [
        { invariance: { column: "city", to: ["Graz", "Wien"] } },
        { name: "a year", invariance: { column: "age", add: 1 }, max: 0.02 },
        { name: "young", invariance: { column: "age", to: [20] } },
      ],
      model,
    );
    expect(verdict.evidence).toMatchObject({
      "invariance to city": { status: "ok", value: 0, rows: 100 },
      "a year": { status: "ok", value: 0.01 },
      young: { status: "alarm", value: 0.49 },
    });
  });

  test("holds where the model says nothing before and after", async () => {
    const columns = { ...PEOPLE, age: new Array<null>(100).fill(null) };
    const verdict = await check([{ invariance: { column: "city", to: ["Wien"] } }], { ...model, columns });
    expect(verdict.evidence["invariance to city"]).toMatchObject({ status: "ok", value: 0 });
  });
});

test("latency is the 95th percentile of the calls after the first", async () => {
  // The first call takes 1,000 ms, the others 1, 2, 3 … ms.
  let [time, calls] = [0, 0];
  const slow: PredictRows = async (rows) => {
    time += calls === 0 ? 1_000 : calls;
    calls += 1;
    return predict(rows);
  };
  const context = { openPredictor: async () => slow, now: () => time };
  const tests = [{ latency: { rows: 10, times: 20 }, p95Ms: 18 }];
  const verdict = await check(tests, { roles: { predictor: "model" }, context });
  expect(verdict.evidence["latency of 10 rows"]).toMatchObject({ status: "alarm", value: 19, rows: 10 });
});

describe("a test that cannot be made is invalid, and the others are made all the same", () => {
  test.each([
    ["a condition on no column", { metric: "accuracy", min: 0, where: { town: "Graz" } }, /"town" is not in/],
    [
      "too few rows",
      { metric: "accuracy", min: 0, where: { age: { from: 95 } } },
      /5 labelled rows are fewer/,
    ],
    ["a figure of another task", { metric: "mae", max: 1 }, /mae does not fit the task/],
    ["a change of no column", { invariance: { column: "town", to: ["Graz"] } }, /"town" is not in the data/],
    ["a latency without a clock", { latency: {}, p95Ms: 1 }, /there is no clock here/],
  ])("%s", async (_, bad, message) => {
    const verdict = await check(
      [
        { ...bad, name: "bad" },
        { metric: "accuracy", min: 0.5 },
      ],
      model,
    );
    expect(verdict).toMatchObject({ status: "invalid", columns: ["bad"] });
    expect(verdict.evidence.bad).toMatchObject({ status: "invalid", value: null });
    expect(verdict.evidence.accuracy).toMatchObject({ status: "ok", value: 1 });
    expect(verdict.message).toMatch(message);
    expect(verdict.message).not.toContain("..");
  });

  test("what asks a model, where there is none", async () => {
    const verdict = await check([
      { invariance: { column: "age", add: 1 } },
      { metric: "accuracy", min: 0.5 },
    ]);
    expect(verdict).toMatchObject({ status: "invalid", columns: ["invariance to age"] });
    expect(verdict.message).toMatch(/needs a model: name it as "predictor"/);
  });

  test("figures, of a profile alone", async () => {
    const window = datasetOfProfile("kept", profileColumns(PEOPLE, { seed: 1 }));
    const params = {
      tests: { label: "bought", prediction: "said", tests: [{ metric: "accuracy", min: 0 }] },
    };
    const verdict = await modelTestsChecker(window, null, checkContext("gate", { params }));
    expect(verdict.message).toMatch(/"accuracy" could not be tested: only a profile was kept/);
  });
});

describe("is refused, with its place:", () => {
  test.each([
    ["no test", [], /"tests" is \[\], not at least one test/],
    [
      "a test of two kinds",
      [{ metric: "accuracy", latency: {} }],
      /"tests\[0\]" is .* exactly one of metric/,
    ],
    [
      "an unknown figure",
      [{ metric: "accurracy", min: 1 }],
      /"tests\[0\]\.metric" is "accurracy", not one of/,
    ],
    [
      "a misspelt limit",
      [{ metric: "accuracy", minn: 1 }],
      /"tests\[0\]\.minn" is 1, not one of name, metric/,
    ],
    [
      "a misspelt end of a range",
      [{ metric: "accuracy", min: 0, where: { age: { form: 30 } } }],
      /"tests\[0\]\.where\.age\.form" is 30, not one of from, to/,
    ],
    [
      "a range without an end",
      [{ metric: "accuracy", min: 0, where: { age: {} } }],
      /"tests\[0\]\.where\.age" is \{\}/,
    ],
    ["a misspelt setting", [{ latency: { row: 9 }, p95Ms: 1 }], /"tests\[0\]\.latency\.row" is 9/],
    [
      "no change",
      [{ invariance: { column: "age", to: [] } }],
      /"tests\[0\]\.invariance\.to" is \[\], not at least/,
    ],
    ["a figure without a limit", [{ metric: "accuracy" }], /"tests\[0\]\.min" is missing, not a limit/],
    [
      "a doubt that is no boolean",
      [{ metric: "accuracy", min: 1, confident: 1 }],
      /confident" is 1, not true or/,
    ],
    [
      "two tests of one name",
      [1, 2].map((min) => ({ metric: "accuracy", min })),
      /"accuracy", not names that differ/,
    ],
    ["a change to nothing", [{ invariance: { column: "age" } }], /"tests\[0\]\.invariance\.to" is missing/],
    ["a latency without a limit", [{ latency: {} }], /"tests\[0\]\.p95Ms" is missing/],
  ])("%s", async (_, tests, message) => {
    const refused = async () => check(tests);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ code: "SCANFLOW_MODEL_TESTS_INVALID" });
  });

  test("a model where none can be run", async () => {
    const asked = async () => check([{ metric: "accuracy", min: 0 }], { roles: { predictor: "model" } });
    await expect(asked).rejects.toMatchObject({ code: "SCANFLOW_PREDICTOR_INVALID" });
  });
});

test("null in a condition asks for rows where the column is missing", async () => {
  const rows = Array.from({ length: 40 }, (_, row) => row);
  const columns = {
    city: rows.map((row) => (row % 4 === 0 ? null : "Bonn")),
    age: rows.map((row) => (row % 2 === 0 ? null : row)),
    bought: rows.map(() => "yes"),
    said: rows.map(() => "yes"),
  };
  const test = { metric: "accuracy", min: 1, minimumSample: 1 };
  const verdict = await check(
    [
      { ...test, name: "no city", where: { city: null } },
      { ...test, name: "no city or Bonn", where: { city: [null, "Bonn"] } },
      { ...test, name: "no age", where: { age: null } },
    ],
    { columns },
  );
  expect(Object.values(verdict.evidence).map((own) => own.rows)).toEqual([10, 40, 20]);
});

test("a figure that has no value on the rows of a test could not be tested, and is no failure of the model", async () => {
  const rows = Array.from({ length: 40 }, (_, row) => row);
  const bought = rows.map((row) => (row % 4 === 1 ? "yes" : "no"));
  const columns = { city: rows.map((row) => (row % 2 ? "Bonn" : "Graz")), bought, said: bought };
  const limits = { metric: "recall", min: 0.9, minimumSample: 10 };
  const verdict = await check(
    [
      { ...limits, name: "Bonn", where: { city: "Bonn" } },
      { ...limits, name: "Graz", where: { city: "Graz" } },
    ],
    { columns, roles: { positive: "yes" } },
  );
  expect(verdict.status).toBe("invalid");
  expect(verdict.message).toMatch(
    /^"Graz" could not be tested: the figure recall has no value on these 20 rows/,
  );
});
