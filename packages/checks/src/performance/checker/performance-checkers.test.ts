import { describe, expect, test } from "vitest";
import { readAnswers } from "../../answers/read-answers.ts";
import { batchOf } from "../../batch/batch-of.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { renderFigure } from "../../figure/render-figure.ts";
import type { JsonObject } from "../../json/json.ts";
import { normal } from "../../random/normal.ts";
import { createRandom } from "../../random/random.ts";
import { parseVerdict } from "../../verdict/parse-verdict.ts";
import { measurePerformance } from "../measure-performance.ts";
import { answered, sigmoid } from "../performance.support.ts";
import { calibrationChecker } from "./calibration-checker.ts";
import { estimatedPerformanceChecker } from "./estimated-performance-checker.ts";
import { performanceChecker } from "./performance-checker.ts";

const random = createRandom(4);
const roles = { label: "y", prediction: "said", probabilities: "p", positive: "yes" };
const usual = answered(random, 4_000);
const reference = datasetOf("march", usual);
const context = (params: JsonObject = {}) => checkContext("model", { params: { ...roles, ...params } });
const without = (batch: ColumnBatch, ...names: string[]): ColumnBatch => ({
  rows: batch.rows,
  columns: batch.columns.filter(({ name }) => !names.includes(name)),
});

function accuracyOf(batch: ColumnBatch): number {
  const performance = measurePerformance(readAnswers(batch, { task: "classification", ...roles }));
  return performance.metrics.accuracy?.value ?? Number.NaN;
}

describe("performance with labels", () => {
  test("as before is ok, with figures that can be drawn", async () => {
    const verdict = await performanceChecker(
      datasetOf("april", answered(random, 1_000)),
      reference,
      context(),
    );
    expect(verdict).toMatchObject({ status: "ok", kind: "performance", columns: [] });
    expect(verdict.message).toMatch(
      /^The model does as well as it should on 1000 rows: accuracy 0\.\d{3} \(/,
    );
    expect(verdict.figures?.map(({ title }) => title)).toEqual([
      "Performance",
      "Confusion: shares of each true class",
      "ROC curve",
      "Precision and recall",
    ]);
    for (const figure of verdict.figures ?? []) expect(renderFigure(figure)).toMatch(/^<svg/);
    expect(parseVerdict(JSON.stringify(verdict)).evidence).toEqual(verdict.evidence);
  });

  test("a worse model is an alarm that says by how much", async () => {
    const worse = answered(random, 1_000, { truth: (x) => sigmoid(x / 2) });
    const verdict = await performanceChecker(datasetOf("april", worse), reference, context());
    expect(verdict).toMatchObject({ status: "alarm", columns: ["said"] });
    expect(verdict.message).toMatch(/accuracy 0\.\d+ \(0\.\d+ to 0\.\d+, was 0\.\d+\)/);
    expect(verdict.evidence.accuracy?.drop).toBeGreaterThan(0.1);
    const patient = context({ minimumDrop: 0.9, minimumIncrease: 99 });
    expect((await performanceChecker(datasetOf("april", worse), reference, patient)).status).toBe("warning");
  });

  test("false alarms are as rare as asked for", async () => {
    let alarms = 0;
    for (let window = 0; window < 100; window += 1) {
      const batch = answered(random, 2_100);
      const verdict = await performanceChecker(
        datasetOf("w", batch),
        datasetOf("r", answered(random, 2_100)),
        context({ minimumDrop: 0, minimumIncrease: 0, metrics: ["accuracy", "rocAuc"] }),
      );
      alarms += Number(verdict.status !== "ok");
    }
    expect(alarms).toBeLessThanOrEqual(11);
  });

  test("a threshold needs no reference: the whole interval beyond it is an alarm, a part a warning", async () => {
    const window = datasetOf("april", usual);
    const judged = async (min: number) =>
      (await performanceChecker(window, null, context({ thresholds: { accuracy: { min } } }))).status;
    const accuracy = accuracyOf(usual);
    expect(await judged(accuracy - 0.01)).toBe("ok");
    expect(await judged(accuracy + 0.002)).toBe("warning");
    expect(await judged(accuracy + 0.05)).toBe("alarm");
  });

  test("errors of values are compared relative to the reference", async () => {
    const values = (spread: number) => {
      const y = Float64Array.from({ length: 600 }, () => 10 * normal(random));
      return batchOf({ y, z: y.map((value) => value + spread * normal(random)) });
    };
    const params = { label: "y", prediction: "z", task: "regression" };
    const judged = (spread: number) =>
      performanceChecker(
        datasetOf("w", values(spread)),
        datasetOf("r", values(1)),
        checkContext("m", { params }),
      );
    expect((await judged(1)).status).toBe("ok");
    const verdict = await judged(1.5);
    expect(verdict.status).toBe("alarm");
    expect(Object.keys(verdict.evidence)).toEqual(["r2", "mae", "rmse"]);
  });
});

describe("performance without labels", () => {
  const unlabelled = (batch: ColumnBatch) => datasetOf("april", without(batch, "y"));
  const params = context({ minimumSample: 300 });

  test("tracks what will be realised when other rows come, from probabilities that were too sure", async () => {
    const before = datasetOf("march", answered(random, 6_000, { sharpness: 3 }));
    for (const [shift, spread] of [
      [0, 1],
      [0, 0.3],
      [1, 1],
      [0, 2],
    ] as const) {
      const now = answered(random, 4_000, { shift, spread, sharpness: 3 });
      const { evidence } = await estimatedPerformanceChecker(unlabelled(now), before, params);
      expect(Math.abs(Number(evidence.accuracy?.estimate) - accuracyOf(now))).toBeLessThan(0.025);
      expect(Number(evidence.accuracy?.calibrationError)).toBeLessThan(0.05);
    }
  });

  test("harder rows are an alarm, usual ones are not", async () => {
    const usually = await estimatedPerformanceChecker(unlabelled(answered(random, 1_000)), reference, params);
    expect(usually.status).toBe("ok");
    const hard = await estimatedPerformanceChecker(
      unlabelled(answered(random, 1_000, { spread: 0.2 })),
      reference,
      params,
    );
    expect(hard.status).toBe("alarm");
    expect(hard.message).toMatch(
      /estimated to do worse: accuracy 0\.\d+ .*concept drift\) cannot be seen without labels/,
    );
  });

  test("concept drift passes unseen, which is said; the first labels contradict the estimate", async () => {
    const drifted = answered(random, 2_000, { truth: (x) => sigmoid(-2 * x) });
    const blind = await estimatedPerformanceChecker(unlabelled(drifted), reference, params);
    expect(blind.status).toBe("ok");
    expect(Number(blind.evidence.accuracy?.estimate) - accuracyOf(drifted)).toBeGreaterThan(0.3);
    expect(blind.message).toMatch(/concept drift\) cannot be seen without labels/);
    const seeing = await estimatedPerformanceChecker(datasetOf("april", drifted), reference, params);
    expect(seeing.status).toBe("warning");
    expect(seeing.message).toMatch(
      /labels that are there give accuracy 0\.[12]\d+: what makes a row positive has changed/,
    );
  });
});

describe("calibration", () => {
  test("true probabilities are ok; too sure ones an alarm; and the error of chance is taken off", async () => {
    const fine = await calibrationChecker(datasetOf("april", usual), null, context());
    expect(fine.status).toBe("ok");
    expect(Number(fine.evidence.yes?.eceDebiased)).toBeLessThan(Number(fine.evidence.yes?.ece));
    const sure = answered(random, 4_000, { sharpness: 2 });
    const verdict = await calibrationChecker(datasetOf("april", sure), reference, context());
    expect(verdict).toMatchObject({ status: "alarm", columns: ["p"] });
    expect(verdict.figures?.[0]).toMatchObject({ kind: "lines", title: "Reliability of probabilities" });
  });

  test("false alarms are as rare as asked for", async () => {
    let alarms = 0;
    for (let window = 0; window < 200; window += 1) {
      const verdict = await calibrationChecker(
        datasetOf("w", answered(random, 500)),
        null,
        context({ minimumError: 0 }),
      );
      alarms += Number(verdict.status !== "ok");
    }
    expect(alarms).toBeGreaterThan(1);
    expect(alarms).toBeLessThanOrEqual(19);
  });
});

describe("what cannot be judged is invalid and says what to do", () => {
  const few = answered(random, 10);
  test.each([
    [
      "too few labels",
      performanceChecker,
      few,
      roles,
      /april has 10 labelled rows, and 30 are the least: gather/,
    ],
    ["no labels", performanceChecker, without(usual, "y"), roles, /"y" is not in the table: name/],
    ["no rows", performanceChecker, batchOf({ y: [], said: [], p: [] }), roles, /has no label/],
    [
      "no probabilities",
      estimatedPerformanceChecker,
      without(usual, "p"),
      roles,
      /"p" is not in the table: name/,
    ],
    [
      "too few rows",
      estimatedPerformanceChecker,
      few,
      roles,
      /10 rows to go by, and 300 are the least: gather/,
    ],
    [
      "too few rows for a curve",
      calibrationChecker,
      few,
      roles,
      /10 labelled rows, and 100 are the least: gather/,
    ],
  ])("%s", async (_, checker, batch, params, message) => {
    const verdict = await checker(datasetOf("april", batch), reference, checkContext("model", { params }));
    expect(verdict.status).toBe("invalid");
    expect(verdict.message).toMatch(message);
  });

  test.each([
    [
      "a figure of no name",
      performanceChecker,
      { metrics: ["acuracy"] },
      /"metrics\[0\]" is "acuracy", not one of accuracy/,
    ],
    ["no label", performanceChecker, { label: 3 }, /"label" is 3, not a text/],
    [
      "a threshold of no end",
      performanceChecker,
      { thresholds: { accuracy: { least: 1 } } },
      /"thresholds.accuracy.least" is 1/,
    ],
    [
      "a share above 1",
      calibrationChecker,
      { minimumError: 2 },
      /"minimumError" is 2, not a number from 0 to 1/,
    ],
    [
      "a method of no name",
      estimatedPerformanceChecker,
      { calibration: "beta" },
      /"calibration" is "beta", not one of auto/,
    ],
  ])("wrong params are an error: %s", async (_, checker, params, message) => {
    const judged = async () => checker(reference, reference, context(params));
    await expect(judged()).rejects.toThrow(message);
    await expect(judged()).rejects.toThrow(
      expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }),
    );
  });

  test("nothing to judge by", async () => {
    expect((await performanceChecker(reference, null, context())).message).toMatch(
      /give a reference, or the param "thresholds"/,
    );
    expect((await estimatedPerformanceChecker(reference, null, context())).status).toBe("invalid");
  });
});
