import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelRoles } from "../answers/model-roles.ts";
import { readAnswers } from "../answers/read-answers.ts";
import { batchOf } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import { createRandom } from "../random/random.ts";
import { precisionRecallCurve } from "./classification/precision-recall.ts";
import { rankScores } from "./classification/ranking.ts";
import { rocAuc, rocCurve } from "./classification/roc.ts";
import fixtures from "./fixtures/metrics.json" with { type: "json" };
import { createPerformanceMeter, measurePerformance } from "./measure-performance.ts";
import type { Performance } from "./performance-report.ts";

const scored: ModelRoles = { task: "classification", label: "y", probabilities: "p", positive: "1" };

function measured(batch: ColumnBatch, roles: ModelRoles): Performance {
  return measurePerformance(readAnswers(batch, roles), { bootstrapRows: 0 });
}

function expectMetrics(performance: Performance, wanted: Readonly<Record<string, number | undefined>>): void {
  const found = Object.fromEntries(
    Object.entries(performance.metrics).map(([name, { value }]) => [name, value]),
  );
  for (const [name, value] of Object.entries(wanted))
    expect(found[name], name).toBeCloseTo(value as number, 10);
}

describe("scikit-learn's figures", () => {
  test.each(fixtures.binary)(
    "two classes: $name",
    ({ labels, probabilities, weights, confusion, metrics, roc, pr }) => {
      const columns = { y: labels, p: probabilities, ...(weights === null ? {} : { w: weights }) };
      const performance = measured(batchOf(columns), weights === null ? scored : { ...scored, weight: "w" });
      if (performance.task !== "classification") throw new Error("another task");
      expectMetrics(performance, metrics);
      for (const [at, row] of confusion.entries()) {
        for (const [other, count] of row.entries()) {
          expect(performance.confusion.counts[at]?.[other]).toBeCloseTo(count, 8);
        }
      }
      const ranking = rankScores(Float64Array.from(probabilities), labels, weights);
      const points = rocCurve(ranking);
      expect(points).toHaveLength(roc.fpr.length);
      for (const [at, point] of points.entries()) {
        expect(point.falsePositiveRate).toBeCloseTo(roc.fpr[at] as number, 10);
        expect(point.truePositiveRate).toBeCloseTo(roc.tpr[at] as number, 10);
        expect(point.threshold).toBe(roc.thresholds[at] ?? Number.POSITIVE_INFINITY);
      }
      const curve = precisionRecallCurve(ranking).reverse();
      const last = curve.slice(-pr.thresholds.length);
      for (const [at, point] of last.entries()) {
        expect(point.precision).toBeCloseTo(pr.precision[at] as number, 10);
        expect(point.recall).toBeCloseTo(pr.recall[at] as number, 10);
      }
    },
  );

  test.each(fixtures.classes)(
    "$name",
    ({ labels, probabilities, confusion, precision, recall, f1, metrics }) => {
      const names = probabilities.map((_, at) => `c${at}`);
      const columns = Object.fromEntries(probabilities.map((values, at) => [`p${at}`, values]));
      const performance = measured(batchOf({ y: labels.map((label) => `c${label}`), ...columns }), {
        task: "classification",
        label: "y",
        probabilities: Object.fromEntries(names.map((name, at) => [name, `p${at}`])),
      });
      if (performance.task !== "classification") throw new Error("another task");
      expect(performance.confusion.counts).toEqual(confusion);
      expectMetrics(performance, metrics);
      for (const [at, report] of performance.classes.entries()) {
        expect(report.precision.value).toBeCloseTo(precision[at] as number, 10);
        expect(report.recall.value).toBeCloseTo(recall[at] as number, 10);
        expect(report.f1.value).toBeCloseTo(f1[at] as number, 10);
      }
    },
  );

  test.each(fixtures.values)("values: $name", ({ labels, predictions, weights, metrics, quantiles }) => {
    const columns = { y: labels, z: predictions, ...(weights === null ? {} : { w: weights }) };
    const roles: ModelRoles = { task: "regression", label: "y", prediction: "z" };
    const performance = measured(batchOf(columns), weights === null ? roles : { ...roles, weight: "w" });
    expectMetrics(performance, metrics);
    if (performance.task !== "regression") throw new Error("another task");
    for (const [at, { error }] of performance.errorQuantiles.entries()) {
      expect(error.value).toBeCloseTo(quantiles[at] as number, 10);
    }
  });
});

const row = fc.record({ score: fc.integer({ min: -6, max: 6 }), label: fc.integer({ min: 0, max: 1 }) });
const rowsOfBoth = fc
  .array(row, { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(({ label }) => label === 1) && rows.some(({ label }) => label === 0));

describe("laws", () => {
  test("the area under the ROC curve is the Mann–Whitney share, and no rising change of the scores moves it", () => {
    fc.assert(
      fc.property(rowsOfBoth, (rows) => {
        const auc = (of: (score: number) => number) =>
          rocAuc(
            rankScores(
              Float64Array.from(rows, ({ score }) => of(score)),
              rows.map(({ label }) => label),
            ),
          );
        const yes = rows.filter(({ label }) => label === 1);
        const no = rows.filter(({ label }) => label === 0);
        const wins = yes.flatMap((a) => no.map((b) => (Math.sign(a.score - b.score) + 1) / 2));
        const share = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        expect(auc((score) => score)).toBeCloseTo(share, 12);
        expect(auc((score) => Math.exp(score / 3))).toBe(auc((score) => score));
        expect(auc((score) => -score)).toBeCloseTo(1 - share, 12);
      }),
    );
  });

  test("the confusion matrix adds up to the rows, and every interval holds its figure", () => {
    const names = fc.constantFrom("a", "b", "c");
    fc.assert(
      fc.property(fc.array(fc.tuple(names, names), { minLength: 1, maxLength: 40 }), (rows) => {
        const batch = batchOf({ y: rows.map(([y]) => y), z: rows.map(([, z]) => z) });
        const answers = readAnswers(batch, { task: "classification", label: "y", prediction: "z" });
        if (answers.task !== "classification") throw new Error("another task");
        const { confusion, metrics } = measurePerformance(answers);
        expect(confusion.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        for (const { value, low, high } of Object.values(metrics)) {
          expect(low).toBeLessThanOrEqual(value + 1e-12);
          expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("in batches", () => {
  const random = createRandom(3);
  const y = Array.from({ length: 6_000 }, () => random.below(2));
  const p = y.map((label) => (random.uniform() + label * random.uniform()) / 2);
  const batch = batchOf({ y, p });
  const parts = [0, 1, 2].map((part) =>
    takeRows(
      batch,
      Int32Array.from({ length: 2_000 }, (_, at) => part * 2_000 + at),
    ),
  );

  function streamed(exactScores: number): Performance {
    const meter = createPerformanceMeter(scored, { exactScores });
    for (const part of parts) meter.add(part);
    return meter.finish();
  }

  test("rows give what they give at once", () => {
    const whole = measurePerformance(readAnswers(batch, scored));
    const found = streamed(10_000);
    for (const [name, { value }] of Object.entries(whole.metrics)) {
      expect((found.metrics as Record<string, { value: number }>)[name]?.value).toBeCloseTo(value, 12);
    }
  });

  test("beyond the scores that are kept, the area is off by no more than it says", () => {
    const exact = streamed(10_000);
    const binned = streamed(1_000);
    if (exact.task !== "classification" || binned.task !== "classification") throw new Error("another task");
    expect(exact.rocAucError).toBe(0);
    expect(binned.rocAucError).toBeGreaterThan(0);
    expect(binned.rocAucError).toBeLessThan(0.001);
    const difference = Math.abs((binned.metrics.rocAuc?.value ?? 0) - (exact.metrics.rocAuc?.value ?? 1));
    expect(difference).toBeLessThanOrEqual(binned.rocAucError);
  });
});

describe("what cannot be measured names the column and says what to do", () => {
  const good = { y: ["yes", "no"], z: ["yes", "yes"], p: [0.2, 0.7] };
  const said: ModelRoles = { task: "classification", label: "y", prediction: "z" };
  test.each<[string, Record<string, (string | number | null)[]>, ModelRoles, RegExp]>([
    ["a label that is not there", good, { ...said, label: "truth" }, /"truth" is not in the table: name/],
    ["no prediction at all", { ...good, z: [null, null] }, said, /None of 2 rows has a value in "z": give/],
    ["no label at all", { ...good, y: [null, null] }, said, /"y" has no label in any row.*: wait/],
    [
      "a probability of 1.2",
      { ...good, p: [0.2, 1.2] },
      { ...said, probabilities: "p", positive: "yes" },
      /"p" holds 1.2 in row 1: give/,
    ],
    [
      "one column of probabilities of which class?",
      good,
      { ...said, probabilities: "p" },
      /"p" holds the probability of one class.*set "positive"/,
    ],
    [
      "a class without probabilities",
      good,
      { ...said, probabilities: { yes: "p" } },
      /Class "no" has no column.*: add/,
    ],
    ["texts as values", good, { ...said, task: "regression" }, /"z" holds texts, not numbers: name/],
    [
      "an infinite value",
      { y: [1, 2], z: [1, Number.POSITIVE_INFINITY] },
      { ...said, task: "regression" },
      /"z" is infinite in row 1: mend/,
    ],
    [
      "a weight below 0",
      { ...good, w: [1, -1] },
      { ...said, weight: "w" },
      /"w" holds the weight -1 in row 1: give/,
    ],
  ])("%s", (_, columns, roles, message) => {
    const measure = () => {
      const meter = createPerformanceMeter(roles);
      meter.add(batchOf(columns));
      meter.finish();
    };
    expect(measure).toThrow(message);
    expect(measure).toThrow(expect.objectContaining({ code: "SCANFLOW_ANSWERS_INVALID" }));
  });
});

test("hundreds of classes, as of a column of ids that was named as the label, are measured in a moment", () => {
  const truth = Array.from({ length: 4_000 }, (_, row) => `c${row % 400}`);
  const said = truth.map((name, row) => (row % 10 === 0 ? "c1" : name));
  const roles = { task: "classification", label: "truth", prediction: "said" } as const;
  const measured = (rows: number) => {
    const batch = batchOf({ truth: truth.slice(0, rows), said: said.slice(0, rows) });
    return measurePerformance(readAnswers(batch, roles)).metrics;
  };
  // Of 2,000 rows by the bootstrap, of more by the delta method.
  for (const rows of [2_000, 4_000]) {
    const { accuracy, f1Macro } = measured(rows);
    expect(accuracy?.value).toBeCloseTo(0.9, 2);
    expect(f1Macro?.low).toBeLessThan(f1Macro?.value ?? 0);
    expect(f1Macro?.high).toBeGreaterThan(f1Macro?.value ?? 1);
  }
});
