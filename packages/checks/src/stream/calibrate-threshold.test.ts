import { expect, test } from "vitest";
import { normal } from "../random/normal.ts";
import { createRandom } from "../random/random.ts";
import { streamDetector } from "./built-in-detectors.ts";
import { calibrateThreshold } from "./calibrate-threshold.ts";
import type { StreamDetector, StreamDetectorName } from "./stream-detector.ts";

function normals(seed: number): () => number {
  const random = createRandom(seed, "normals");
  return () => normal(random);
}

function errors(seed: number): () => number {
  const random = createRandom(seed, "errors");
  return () => Number(random.uniform() < 0.2);
}

/** Records for each alarm of new detectors on new streams. */
function runLength(
  create: () => StreamDetector,
  draw: () => number,
  [streams, records]: [number, number],
): number {
  let alarms = 0;
  for (let stream = 0; stream < streams; stream += 1) {
    const detector = create();
    for (let record = 0; record < records; record += 1) if (detector.update(draw()) === "alarm") alarms += 1;
  }
  return (streams * records) / alarms;
}

/** The last number: how many times longer it may be, where few thresholds make a difference. */
test.each<[StreamDetectorName, (seed: number) => () => number, number, number]>([
  ["page-hinkley", normals, 500, 1.4],
  ["cusum", normals, 1000, 1.4],
  ["adwin", normals, 1500, 1.6],
  ["kswin", normals, 300, 3],
  ["ddm", errors, 500, 1.4],
  ["eddm", errors, 500, 1.6],
  ["hddm-a", errors, 500, 1.4],
  ["hddm-w", errors, 500, 1.4],
])(
  "%s rings once in as many records as asked for, on new draws of what it was calibrated on",
  (name, drawOf, expectedRunLength, longer) => {
    const draw = drawOf(1);
    const referenceValues = Float64Array.from({ length: 5000 }, draw);
    const { threshold, option, interval } = calibrateThreshold(name, {
      referenceValues,
      expectedRunLength,
      seed: 3,
      streams: name === "kswin" ? 50 : 100,
    });
    const options = { ...(name === "eddm" ? { alpha: 1 } : {}), [option ?? ""]: threshold };
    const measured = runLength(() => streamDetector(name, options), drawOf(2), [150, expectedRunLength]);
    expect(measured / expectedRunLength).toBeGreaterThan(0.7);
    expect(measured / expectedRunLength).toBeLessThan(longer);
    expect(interval[0]).toBeLessThan(measured * 1.1);
    expect(interval[1]).toBeGreaterThan(measured * 0.9);
  },
);

test("CUSUM's threshold for a run of 465 is the textbook's 5", () => {
  const referenceValues = Float64Array.from({ length: 50_000 }, normals(1));
  const { threshold } = calibrateThreshold("cusum", {
    referenceValues,
    expectedRunLength: 465,
    seed: 3,
    streams: 400,
    options: { target: 0, deviation: 1 },
  });
  expect(threshold).toBeGreaterThan(4.8);
  expect(threshold).toBeLessThan(5.2);
});

test("values that hang on those before need a higher threshold, which blocks find", () => {
  const draw = normals(5);
  let last = 0;
  const referenceValues = Float64Array.from({ length: 5000 }, () => {
    last = 0.9 * last + draw();
    return last;
  });
  const find = (block: number) =>
    calibrateThreshold("page-hinkley", {
      referenceValues,
      expectedRunLength: 1000,
      seed: 2,
      block,
      streams: 40,
    });
  expect(find(100).threshold).toBeGreaterThan(2 * find(1).threshold);
});

test("the same seed gives the same threshold", () => {
  const options = {
    referenceValues: Float64Array.from({ length: 200 }, normals(1)),
    expectedRunLength: 250,
    streams: 20,
  };
  const find = (seed: number) => calibrateThreshold("cusum", { ...options, seed }).threshold;
  expect(find(1)).toBe(find(1));
  expect(find(1)).not.toBe(find(2));
});

test("what cannot be calibrated is said, with what to do", () => {
  const constant = new Array<number>(100).fill(1);
  const base = { referenceValues: constant, expectedRunLength: 1000, seed: 1 };
  expect(() => calibrateThreshold("hddm-a", base)).toThrow(
    "even at 0.5 it never rings on them. Give values that vary",
  );
  expect(() => calibrateThreshold("ddm", { ...base, referenceValues: [1] })).toThrow(
    "there are 1 reference values",
  );
  expect(() => calibrateThreshold("ddm", { ...base, expectedRunLength: 1 })).toThrow(
    '"expectedRunLength" is 1',
  );
});
