import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normal } from "../../random/normal.ts";
import { createRandom } from "../../random/random.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { fitIsotonic } from "../calibration/isotonic.ts";
import { fitPlatt } from "../calibration/platt.ts";
import { averagePrecision } from "../classification/precision-recall.ts";
import { rankScores } from "../classification/ranking.ts";
import { rocAuc } from "../classification/roc.ts";
import fixtures from "../fixtures/intervals.json" with { type: "json" };
import { measurePerformance } from "../measure-performance.ts";
import { aucEstimate } from "./auc-interval.ts";
import { quantileEstimate } from "./quantile-interval.ts";

describe("reference values", () => {
  test.each(fixtures.delong)("DeLong's variance, pair by pair", ({ labels, scores, auc, variance }) => {
    const found = aucEstimate(rankScores(Float64Array.from(scores), labels));
    expect(found.value).toBeCloseTo(auc, 12);
    expect(found.standardError ** 2).toBeCloseTo(variance, 12);
  });

  test.each(fixtures.platt)(
    "scikit-learn's sigmoid calibration",
    ({ scores, labels, weights, at, fitted }) => {
      const mend = fitPlatt(scores, labels, weights);
      for (const [place, score] of at.entries()) expect(mend(score)).toBeCloseTo(fitted[place] as number, 4);
    },
  );

  test.each(fixtures.isotonic)(
    "scikit-learn's isotonic regression",
    ({ scores, labels, weights, at, fitted }) => {
      const mend = fitIsotonic(scores as number[], labels as number[], weights as number[]);
      for (const [place, score] of at.entries())
        expect(mend(score as number)).toBeCloseTo(fitted[place] as number, 10);
    },
  );
});

/** The share of repetitions whose interval holds the truth. */
function coverage(repetitions: number, interval: () => { low: number; high: number }, truth: number): number {
  let held = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { low, high } = interval();
    held += Number(low <= truth && truth <= high);
  }
  return held / repetitions;
}

const random = createRandom(17);

describe("intervals at .95 hold the truth about as often as they say", () => {
  function scored(rows: number, distance: number) {
    const labels = Array.from({ length: rows }, (_, row) => Number(row % 4 === 0));
    return rankScores(
      Float64Array.from(labels, (label) => normal(random) + label * distance),
      labels,
    );
  }

  test.each([
    [0.5, 0.63816],
    [2, 0.92135],
  ])("DeLong's, of normal scores %d apart", (distance, truth) => {
    const held = coverage(800, () => aucEstimate(scored(120, distance)), truth);
    expect(held).toBeGreaterThan(0.92);
    expect(held).toBeLessThan(0.98);
  });

  test("the mean precision's, of scores 1 apart", () => {
    const truth = averagePrecision(scored(200_000, 1));
    const held = coverage(
      600,
      () => {
        const ranking = scored(160, 1);
        return wilson(averagePrecision(ranking) * ranking.positiveTotal, ranking.positiveTotal);
      },
      truth,
    );
    expect(held).toBeGreaterThan(0.92);
  });

  test("the median's, of lopsided values", () => {
    const drawn = () => Float64Array.from({ length: 80 }, () => -Math.log(1 - random.uniform())).sort();
    const held = coverage(1_000, () => quantileEstimate(drawn(), 0.5), Math.LN2);
    expect(held).toBeGreaterThan(0.93);
  });

  function errors(rows: number, bootstrapRows: number) {
    const labels = Float64Array.from({ length: rows }, () => normal(random));
    const predictions = labels.map((label) => label + 0.5 * normal(random) + 0.1);
    const answers = { task: "regression", rows, labels, predictions, weights: null, leftOut: 0 } as const;
    return measurePerformance(
      { ...answers, sources: Int32Array.from(labels, (_, row) => row) },
      { bootstrapRows },
    ).metrics;
  }

  test.each([
    ["the bootstrap's", 60, 100],
    ["the delta method's", 400, 0],
  ])("%s, of a root mean square error", (_, rows, bootstrapRows) => {
    const truth = Math.sqrt(0.25 + 0.01);
    const held = coverage(80, () => errors(rows, bootstrapRows).rmse ?? { low: 0, high: 0 }, truth);
    expect(held).toBeGreaterThan(0.86);
    expect(held).toBeLessThan(1);
  });
});

test("a model without an error among few rows is not sure to have none", () => {
  const held = coverage(
    120,
    () => {
      const labels = Int32Array.from({ length: 40 }, (_, row) => row % 2);
      const predictions = labels.map((label) => (random.uniform() < 0.023 ? 1 - label : label));
      const common = {
        task: "classification",
        classes: ["a", "b"],
        positive: 1,
        probabilities: null,
      } as const;
      return (
        measurePerformance({
          ...common,
          ...{ rows: 40, labels, predictions, weights: null, leftOut: 0, sources: labels },
        }).metrics.f1Macro ?? { low: 0, high: 0 }
      );
    },
    0.977,
  );
  expect(held).toBeGreaterThan(0.88);
});

test("an area of 1 has an interval all the same", () => {
  const { value, low, high, standardError } = aucEstimate(
    rankScores(Float64Array.of(4, 3, 2, 1), [1, 1, 0, 0]),
  );
  expect({ value, high }).toEqual({ value: 1, high: 1 });
  expect(low).toBeLessThan(0.8);
  expect(standardError).toBeGreaterThan(0);
});

test("the area's interval holds it, and turns round with the scores", () => {
  const label = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
    minLength: 4,
    maxLength: 40,
  });
  fc.assert(
    fc.property(label, (rows) => {
      const labels = rows.map(([, own]) => own);
      fc.pre(labels.includes(0) && labels.includes(1));
      const up = aucEstimate(
        rankScores(
          Float64Array.from(rows, ([score]) => score),
          labels,
        ),
      );
      const down = aucEstimate(
        rankScores(
          Float64Array.from(rows, ([score]) => -score),
          labels,
        ),
      );
      expect(up.low).toBeLessThanOrEqual(up.value);
      expect(up.high).toBeGreaterThanOrEqual(up.value);
      expect(down.value).toBeCloseTo(1 - up.value, 10);
      expect(down.low).toBeCloseTo(1 - up.high, 6);
    }),
  );
});

test("of one class alone there is no area under the curve", () => {
  expect(rocAuc(rankScores(Float64Array.of(1), [1]))).toBeNaN();
});
