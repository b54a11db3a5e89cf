import { describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import type { CheckContext } from "../../checker/checker.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import type { JsonObject } from "../../json/json.ts";
import { createRandom, type Random } from "../../random/random.ts";
import { matrixOf } from "../explain.support.ts";
import fixture from "../tree/fixtures/lightgbm.json" with { type: "json" };
import { attributionDrift } from "./attribution-drift.ts";
import { importanceChecker } from "./importance-checker.ts";

const context = (params: JsonObject = {}): CheckContext => ({
  name: "importance",
  params,
  random: (stream) => createRandom(1, stream),
  signal: { aborted: false, throwIfAborted() {} },
});
const normal = (random: Random) => random.uniform() + random.uniform() + random.uniform() - 1.5;

/** Attributions of three features, of the sizes given. */
function attributions(random: Random, rows: number, sizes: readonly number[]) {
  const columns = ["age", "income", "city"].map((name, at): [string, number[]] => [
    name,
    Array.from({ length: rows }, () => normal(random) * (sizes[at] ?? 0)),
  ]);
  return datasetOf("monday", batchOf(Object.fromEntries(columns)));
}

const random = createRandom(2);
const reference = attributions(random, 400, [4, 2, 0.1]);

test("a model that rests on the last feature now gets an alarm, the feature that fell first", async () => {
  const window = attributions(random, 200, [0.1, 2, 4]);
  const verdict = await importanceChecker(window, reference, context());
  expect(verdict).toMatchObject({ status: "alarm", kind: "drift", columns: ["age", "city"] });
  expect(verdict.message).toMatch(
    /^The model rests on other features .*gain 0\.\d{3}, p 0\.0020\): age \(from place 1 to 3\), city/,
  );
  expect(verdict.evidence.age).toMatchObject({ referenceRank: 1, windowRank: 3, pValue: 0.002 });
  expect(verdict.figures?.[0]).toMatchObject({ kind: "bars", categories: ["age", "income", "city"] });
});

test("a real but small change of order is a warning", async () => {
  const before = attributions(random, 900, [4, 3, 0.1]);
  const verdict = await importanceChecker(attributions(random, 900, [3, 4, 0.1]), before, context());
  expect(verdict.status).toBe("warning");
  expect(verdict.message).toMatch(/not far \(gain 0\.9/);
});

test("the same model on new rows is ok, and features that matter about the same may change places", async () => {
  const before = attributions(random, 300, [2, 2, 2]);
  let alarms = 0;
  for (let repeat = 0; repeat < 40; repeat += 1) {
    const verdict = await importanceChecker(
      attributions(random, 100, [2, 2, 2]),
      before,
      context({ minimumGain: 1, repeats: 99 }),
    );
    if (verdict.status !== "ok") alarms += 1;
  }
  // The binomial .999 quantile of 40 at 5 %.
  expect(alarms).toBeLessThanOrEqual(7);
});

test("the gain is that of the formula", () => {
  const before = matrixOf([[3, -2, 1]]);
  const { ndcg } = attributionDrift(before, matrixOf([[1, 2, -3]]), { random, repeats: 19 });
  const gain = (a: number, b: number, c: number) => a + b / Math.log2(3) + c / 2;
  expect(ndcg).toBeCloseTo(gain(1, 2, 3) / gain(3, 2, 1), 14);
});

test("with a model, features are explained by it first", async () => {
  // Where the model answers about the mean whatever the first feature, and the fourth is at its end.
  const constant: Record<number, number> = { 0: -0.1, 3: 3 };
  const sample = fixture.cases.find(({ name }) => name === "regression");
  const features = (old: boolean) =>
    datasetOf(
      "rows",
      batchOf(
        Object.fromEntries(
          Array.from({ length: 5 }, (_, at): [string, number[]] => [
            `Column_${at}`,
            Array.from({ length: 80 }, () =>
              old || at % 3 !== 0 ? 2 * normal(random) : (constant[at] ?? 0),
            ),
          ]),
        ),
      ),
    );
  const params = { model: sample?.model ?? "" };
  expect((await importanceChecker(features(true), features(true), context(params))).status).toBe("ok");
  const verdict = await importanceChecker(features(false), features(true), context(params));
  expect(verdict.status).toBe("alarm");
  expect(verdict.columns).toContain("Column_0");
});

describe("what cannot be judged is invalid, and says why", () => {
  const few = attributions(random, 10, [1, 1, 1]);
  const other = datasetOf("tuesday", batchOf({ age: Array(50).fill(1), town: Array(50).fill(1) }));
  const holes = datasetOf(
    "tuesday",
    batchOf({ age: [null, ...Array(49).fill(1)], income: Array(50).fill(1), city: Array(50).fill(1) }),
  );
  const texts = datasetOf(
    "tuesday",
    batchOf({ age: Array(50).fill("a"), income: Array(50).fill(1), city: Array(50).fill(1) }),
  );

  test.each([
    ["too few rows", few, {}, /monday: it has 10 rows, and 30 are the least/],
    ["other columns", other, {}, /tuesday: it has no numbers in "income", "city"/],
    ["a missing column", other, { columns: ["age", "city"] }, /no column "city"/],
    ["a missing attribution", holes, {}, /"age" has a missing or infinite attribution/],
    ["texts", texts, { columns: ["age", "city"] }, /"age" holds texts/],
    ["one column", reference, { columns: ["age"] }, /fewer than two columns/],
  ])("%s", async (_, window, params, message) => {
    const verdict = await importanceChecker(window, reference, context(params));
    expect(verdict.status).toBe("invalid");
    expect(verdict.message).toMatch(message);
  });

  test("no reference", async () => {
    expect((await importanceChecker(reference, null, context())).message).toMatch(/no reference/);
  });

  test.each<[JsonObject, RegExp]>([
    [{ minimumGain: 2 }, /"minimumGain" is 2, not a number from 0 to 1/],
    [{ repeats: 3 }, /"repeats" is 3, not a whole number from 19 to 1000000/],
    [{ columns: [1] }, /"columns\[0\]" is 1, not a text/],
    [{ model: "nothing" }, /LightGBM model: the file does not begin/],
  ])("params %j are an error", async (params, message) => {
    await expect(importanceChecker(reference, reference, context(params))).rejects.toThrow(message);
  });
});
