import { expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { calibrationPValue } from "./calibration-test.ts";
import { measureCalibration } from "./measure-calibration.ts";

const random = createRandom(5);

/** The share of windows of 300 rows that are found out, at .05. */
function found(draw: () => number, truth: (p: number) => number, windows = 100): number {
  let hits = 0;
  for (let window = 0; window < windows; window += 1) {
    const probabilities = Float64Array.from({ length: 300 }, draw);
    const labels = probabilities.map((p) => Number(random.uniform() < truth(p)));
    hits += Number(calibrationPValue({ probabilities, labels, weightOf: () => 1 }) <= 0.05);
  }
  return hits / windows;
}

test.each<[string, () => number, (p: number) => number]>([
  ["a level that is off, evenly round a half", () => 0.1 + 0.8 * random.uniform(), (p) => p + 0.1],
  ["one probability for all", () => 0.5, () => 0.65],
  ["too sure", () => random.uniform(), (p) => 0.5 + 0.6 * (p - 0.5)],
  ["a bend", () => random.uniform(), (p) => p + (Math.abs(p - 0.5) < 0.25 ? 0.15 : -0.15)],
  ["rare ones that are not so rare", () => 0.005, () => 0.04],
])("%s is found", (_, draw, truth) => {
  expect(found(draw, truth)).toBeGreaterThan(0.8);
});

test.each<[string, () => number]>([
  ["any", () => random.uniform()],
  ["three of them", () => [0.1, 0.5, 0.9][random.below(3)] ?? 0],
  ["rare", () => 0.001],
  ["near 0 and 1", () => Math.abs(random.below(2) - 0.03 * random.uniform())],
])("right probabilities are called wrong as rarely as asked for: %s", (_, draw) => {
  expect(found(draw, (p) => p, 400)).toBeLessThan(0.09);
});

test("a row of weight 3 counts as three rows do", () => {
  const probabilities = Float64Array.from({ length: 200 }, () => random.uniform());
  const labels = probabilities.map((p) => Number(random.uniform() < p / 2));
  const weights = probabilities.map(() => 1 + random.below(3));
  const rows = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
  const weighted = measureCalibration(probabilities, labels, { weights, strategy: "uniform" });
  const repeated = measureCalibration(
    rows.map((row) => probabilities[row] ?? 0),
    rows.map((row) => labels[row] ?? 0),
    { strategy: "uniform" },
  );
  expect(weighted.ece).toBeCloseTo(repeated.ece, 12);
  expect(weighted.bins.map(({ said }) => said)).toEqual(
    repeated.bins.map(({ said }) => expect.closeTo(said, 12)),
  );
  // Three times the same row tells less than three rows.
  expect(weighted.pValue).toBeGreaterThan(repeated.pValue);
  const single = measureCalibration(probabilities, labels);
  expect(measureCalibration(probabilities, labels, { weights: labels.map(() => 7) })).toMatchObject({
    z: expect.closeTo(single.z ?? Number.NaN, 10),
    pValue: expect.closeTo(single.pValue, 10),
    eceDebiased: expect.closeTo(single.eceDebiased, 10),
  });
});
