import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `cusum`. */
export interface CusumOptions {
  /** The mean in control; default: that of the first `warmStart` records. */
  readonly target?: number | null;
  /** The standard deviation in control, above 0; default: that of the first `warmStart` records. */
  readonly deviation?: number | null;
  /** How many records it learns from when `target` or `deviation` is not given, 2 or more; default 100. */
  readonly warmStart?: number;
  /** The change that is let pass, in standard deviations; default 0.5: tuned to a shift of one. */
  readonly slack?: number;
  /** The sum of deviations at which it rings, in standard deviations; default 5. */
  readonly threshold?: number;
  /** Which change rings: a rise, a fall, or either (the default). */
  readonly mode?: "up" | "down" | "both";
}

interface Memory {
  records: number;
  mean: number;
  variation: number;
  up: number;
  down: number;
}

export const cusumKind: DetectorKind<Required<CusumOptions>, Memory> = {
  name: "cusum",
  values: "finite",
  options: {
    target: { kind: "number", fallback: null },
    deviation: { kind: "number", fallback: null, above: 0 },
    warmStart: { kind: "whole", fallback: 100, from: 2 },
    slack: { kind: "number", fallback: 0.5, from: 0 },
    threshold: { kind: "number", fallback: 5, above: 0 },
    mode: { kind: "choice", fallback: "both", of: ["up", "down", "both"] },
  },
  start: () => ({ records: 0, mean: 0, variation: 0, up: 0, down: 0 }),
  step(memory, value, options) {
    const { warmStart, slack, threshold, mode } = options;
    memory.records += 1;
    const learns = options.target === null || options.deviation === null;
    if (learns && memory.records <= warmStart) {
      const before = value - memory.mean;
      memory.mean += before / memory.records;
      memory.variation += before * (value - memory.mean);
      return "ok";
    }
    const deviation = options.deviation ?? Math.sqrt(memory.variation / (warmStart - 1));
    const distance = value - (options.target ?? memory.mean);
    // A stream that was constant while it was learned: any other value is infinitely many deviations away.
    const score = distance === 0 ? 0 : Math.max(-1e12, Math.min(1e12, distance / deviation));
    memory.up = Math.max(0, memory.up + score - slack);
    memory.down = Math.max(0, memory.down - score - slack);
    const rings = (mode !== "down" && memory.up > threshold) || (mode !== "up" && memory.down > threshold);
    return rings ? "alarm" : "ok";
  },
  figures: ({ records, up, down }) => ({ records, up, down }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(cusumKind.start(options), saved, read),
};

/**
 * The tabular CUSUM chart: rings when deviations from a target have piled up. For a stream with a known state of
 * control, such as a machine's reading; quickest at shifts of about twice the `slack`. With the target and deviation
 * given, independent normal values and the defaults, it rings falsely once in 465 records; learned from the stream
 * itself they are uncertain and it rings more often, so learn from many, or find a threshold with
 * `calibrateThreshold`.
 *
 * Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); Montgomery, Introduction to Statistical
 * Quality Control, section 9.1, for the defaults and the expected run length.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function cusum(options: CusumOptions = {}): StreamDetector {
  return createDetector(cusumKind, { ...options });
}
