import fc from "fast-check";
import { expect, test } from "vitest";
import { normal } from "../random/normal.ts";
import { createRandom } from "../random/random.ts";
import { restoreDetector, streamDetector, streamDetectorNames } from "./built-in-detectors.ts";
import type { StreamDetectorName } from "./stream-detector.ts";

const ofErrors: readonly StreamDetectorName[] = ["ddm", "eddm", "hddm-a", "hddm-w"];
/** Settings with which each rings now and then within some hundred records. */
const eager: Partial<Record<StreamDetectorName, Record<string, unknown>>> = {
  adwin: { clock: 4, delta: 0.3 },
  "page-hinkley": { threshold: 2, mode: "both" },
  cusum: { warmStart: 20, threshold: 2 },
  ddm: { warmStart: 5, driftThreshold: 2.2 },
  eddm: { warmStart: 5, beta: 0.93 },
  "hddm-a": { driftConfidence: 0.1, warningConfidence: 0.3, change: "both" },
  "hddm-w": { driftConfidence: 0.1, warningConfidence: 0.3, change: "both" },
  kswin: { alpha: 0.2, windowSize: 30, statSize: 10, seed: 5 },
};

function streamFor(name: StreamDetectorName, seed: number): number[] {
  const random = createRandom(seed, name);
  return Array.from({ length: 400 }, (_, index) => {
    const level = index < 200 ? 0.2 : 0.6;
    return ofErrors.includes(name) ? Number(random.uniform() < level) : random.uniform() - 0.5 + level;
  });
}

test.each(streamDetectorNames)("%s saved as JSON at any record goes on as if it had not been", (name) => {
  let alarms = 0;
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(399), (seed, stop) => {
      const values = streamFor(name, seed);
      const whole = streamDetector(name, eager[name]);
      const straight = values.map((value) => [whole.update(value), whole.figures()]);
      let detector = streamDetector(name, eager[name]);
      const stopped = values.map((value, index) => {
        if (index === stop) detector = restoreDetector(JSON.stringify(detector.state()));
        return [detector.update(value), detector.figures()];
      });
      expect(stopped).toEqual(straight);
      expect(detector.state()).toEqual(whole.state());
      alarms += straight.filter(([status]) => status === "alarm").length;
    }),
    { numRuns: 25, seed: 4 },
  );
  expect(alarms).toBeGreaterThan(10);
});

test.each(streamDetectorNames)("%s refuses what is no number, and is not changed by it", (name) => {
  const detector = streamDetector(name);
  detector.update(1);
  const before = detector.state();
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1" as never,
    null as never,
    undefined as never,
  ]) {
    expect(() => detector.update(value)).toThrow(
      expect.objectContaining({
        code: "SCANFLOW_STREAM_VALUE_INVALID",
        message: expect.stringContaining(name),
      }),
    );
  }
  expect(detector.state()).toEqual(before);
});

test.each(ofErrors)("%s takes 0 and 1 only", (name) => {
  expect(() => streamDetector(name).update(0.5)).toThrow(
    `The stream detector "${name}" was given 0.5. It takes 1 for a wrong prediction and 0 for a right one.`,
  );
});

test.each(streamDetectorNames)("%s says nothing of a stream that never changes", (name) => {
  const detector = streamDetector(name);
  const statuses = new Set(Array.from({ length: 3000 }, () => detector.update(0)));
  expect([...statuses]).toEqual(["ok"]);
});

test.each([
  [{ delta: 0 }, '"delta" is 0: give a number above 0 below 1'],
  [{ clock: 1.5 }, '"clock" is 1.5: give a whole number from 1'],
  [{ cuts: "all" }, '"cuts" is "all": give one of inner, every'],
  [{ deltas: 1 }, '"deltas" is no option of it: use delta, clock'],
])("the option %j is refused with what to give", (options, message) => {
  expect(() => streamDetector("adwin", options)).toThrow(message);
  expect(() => streamDetector("adwin", options)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }),
  );
});

test("options that do not go together are refused", () => {
  expect(() => streamDetector("kswin", { windowSize: 50 })).toThrow("at least twice the statSize");
  expect(() => streamDetector("eddm", { alpha: 0.8 })).toThrow("give an alpha that is not below beta");
});

test("a name that is none is refused with those there are", () => {
  expect(() => streamDetector("toString")).toThrow("use one of adwin, page-hinkley, cusum");
});

test.each([
  ["no JSON", "{", "is not JSON"],
  ["another version", { version: 2 }, '"version" is 2'],
  ["no detector", { version: 1, detector: "x" }, '"detector" is "x", not one of adwin'],
  ["no memory", { version: 1, detector: "ddm", options: {}, alarmed: false }, '"memory" is missing'],
  [
    "a number that is none",
    { ...streamDetector("ddm").state(), memory: { records: "3" } },
    '"memory.records" is "3", not a finite number',
  ],
  ["no alarmed", { ...streamDetector("ddm").state(), alarmed: 0 }, '"alarmed" is 0'],
  [
    "a window that contradicts itself",
    { ...streamDetector("adwin").state(), memory: { ...streamDetector("adwin").state().memory, width: 3 } },
    '"memory.width" is 3, not 0, as its rows hold',
  ],
  [
    "chance that is none",
    { ...streamDetector("kswin").state(), memory: { values: [], random: [1], distance: 0, pValue: 1 } },
    '"memory.random" is [1], not four whole numbers',
  ],
])("a state with %s is refused, with its place", (_, state, message) => {
  expect(() => restoreDetector(state)).toThrow(message);
  expect(() => restoreDetector(state)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_DETECTOR_STATE_INVALID" }),
  );
});

test("CUSUM with a known state of control rings falsely about once in 465 records", () => {
  const detector = streamDetector("cusum", { target: 0, deviation: 1 });
  const random = createRandom(11);
  const records = 200_000;
  let alarms = 0;
  for (let record = 0; record < records; record += 1) {
    if (detector.update(normal(random)) === "alarm") alarms += 1;
  }
  expect(records / alarms).toBeGreaterThan(420);
  expect(records / alarms).toBeLessThan(510);
});

test("ADWIN's variance is never below nothing, whatever large values its window has dropped", () => {
  const random = createRandom(3, "large then constant");
  for (const scale of [1e3, 1e5, 1e7, 1e9]) {
    const detector = streamDetector("adwin", { keep: "window" });
    for (let record = 0; record < 1_000; record += 1) detector.update(scale * normal(random));
    for (let record = 0; record < 1_000; record += 1) detector.update(100 * scale + 1);
    expect(detector.figures().variance).toBeGreaterThanOrEqual(0);
  }
});
