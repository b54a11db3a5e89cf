import { expect, test } from "vitest";
import { streamDetector } from "./built-in-detectors.ts";
import { createDetector } from "./detector-kind.ts";
import before from "./fixtures/river-0.21.2.json" with { type: "json" };
import now from "./fixtures/river-0.26.1.json" with { type: "json" };
import knownStreams from "./fixtures/streams.json" with { type: "json" };
import { kswinKindOf } from "./kswin.ts";
import { createPythonRandom } from "./python-random.test.support.ts";
import type { StreamDetector } from "./stream-detector.ts";

interface Case {
  readonly detector: string;
  readonly stream: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly alarms: readonly number[];
  readonly warnings: readonly number[];
  readonly every: number;
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

const streams: Readonly<Record<string, readonly number[]>> = knownStreams;
const files: readonly { readonly river: string; readonly cases: readonly object[] }[] = [before, now];
const cases = files.flatMap(({ river, cases: ofVersion }) =>
  (ofVersion as readonly Case[]).map((one) => [titleOf(river, one), one] as const),
);

function titleOf(river: string, { detector, stream, options }: Case): string {
  return `${detector} ${JSON.stringify(options)} on "${stream}" as River ${river}`;
}

/** KSWIN draws by chance: with Python's own numbers it must draw what River draws. */
function detectorOf({ detector, options }: Case): StreamDetector {
  if (detector !== "kswin") return streamDetector(detector, options);
  const kind = kswinKindOf(() => ({
    ...createPythonRandom(Number(options.seed)),
    state: () => [0, 0, 0, 0],
  }));
  return createDetector(kind, options);
}

test.each(cases)("%s: the same alarms, warnings and figures, record by record", (_, expected) => {
  const detector = detectorOf(expected);
  const alarms: number[] = [];
  const warnings: number[] = [];
  for (const [index, value] of (streams[expected.stream] ?? []).entries()) {
    const status = detector.update(value);
    if (status === "alarm") alarms.push(index);
    if (status === "warning") warnings.push(index);
    if (index % expected.every !== expected.every - 1) continue;
    const figures = detector.figures();
    const turn = (index - expected.every + 1) / expected.every;
    for (const [name, values] of Object.entries(expected.figures)) {
      expect(figures[name] ?? -1, `${name} after record ${index}`).toBeCloseTo(values[turn] as number, 9);
    }
  }
  expect(alarms).toEqual(expected.alarms);
  expect(warnings).toEqual(expected.warnings);
});

test("with its defaults each detector rings where the reference page says", () => {
  const alarmsOf = (name: string, stream: string) =>
    (streams[stream] ?? []).flatMap(
      (
        (detector) => (value: number, index: number) =>
          detector.update(value) === "alarm" ? [index] : []
      )(streamDetector(name)),
    );
  expect(alarmsOf("adwin", "switch")).toEqual([1055]);
  expect(alarmsOf("page-hinkley", "switch")).toEqual([1020, 1991]);
  expect(alarmsOf("ddm", "errors")).toEqual([1049]);
  expect(alarmsOf("hddm-a", "errors")).toEqual([1047]);
  expect(alarmsOf("hddm-w", "errors")).toEqual([1018]);
});

test("with draws of its own KSWIN rings within thirty records of the change, and not before", () => {
  const detector = streamDetector("kswin", { alpha: 1e-4, windowSize: 200, statSize: 100, seed: 42 });
  const alarms = (streams.switch ?? []).flatMap((value, index) =>
    detector.update(value) === "alarm" ? [index] : [],
  );
  expect(alarms).toHaveLength(1);
  expect(alarms[0]).toBeGreaterThan(1010);
  expect(alarms[0]).toBeLessThan(1060);
});
