import { expect, test } from "vitest";
import type { ClassAnswers } from "../../answers/answers.ts";
import { readAnswers, takeAnswers } from "../../answers/read-answers.ts";
import { createRandom } from "../../random/random.ts";
import { answered } from "../performance.support.ts";
import { estimatePerformance } from "./estimate-performance.ts";

const random = createRandom(11);
const roles = { task: "classification", prediction: "said", probabilities: "p", positive: "yes" } as const;

test("a row of weight 3 counts as three rows do, and tells less than they", () => {
  const plain = readAnswers(answered(random, 400), roles) as ClassAnswers;
  const weights = Float64Array.from({ length: plain.rows }, () => 1 + random.below(3));
  const rows = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
  const weighted = estimatePerformance({ ...plain, weights }).metrics;
  const repeated = estimatePerformance(takeAnswers(plain, rows)).metrics;
  for (const metric of ["accuracy", "f1Macro", "precision", "recall", "f1"] as const) {
    expect(weighted[metric]?.value).toBeCloseTo(repeated[metric]?.value ?? 0, 10);
    expect(weighted[metric]?.low).toBeLessThan(repeated[metric]?.low ?? 0);
  }
  expect(weighted.accuracy?.value).not.toBeCloseTo(
    estimatePerformance(plain).metrics.accuracy?.value ?? 0,
    4,
  );
});

test("equal weights of any size change nothing", () => {
  const plain = readAnswers(answered(random, 300), roles) as ClassAnswers;
  const weights = new Float64Array(plain.rows).fill(7);
  const [same, single] = [estimatePerformance({ ...plain, weights }), estimatePerformance(plain)];
  for (const [metric, { value, low }] of Object.entries(single.metrics)) {
    expect(same.metrics[metric as "accuracy"]?.value, metric).toBeCloseTo(value, 10);
    expect(same.metrics[metric as "accuracy"]?.low, metric).toBeCloseTo(low, 8);
  }
});
