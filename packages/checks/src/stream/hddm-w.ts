import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `hddmW`. */
export interface HddmWOptions {
  /** The chance of an alarm at a test when nothing has changed, at most; default 0.001. */
  readonly driftConfidence?: number;
  /** The same for a warning; default 0.005. */
  readonly warningConfidence?: number;
  /** The weight of the newest record in the mean, above 0 to 1; default 0.05. Lower: slower changes are found. */
  readonly lambda?: number;
  /** `increase` (the default): of the error rate. `both`: a decrease rings too. */
  readonly change?: "increase" | "both";
}

/** Of each weighted mean: its value, and the sum of its squared weights, by which McDiarmid's bound goes. */
interface Memory {
  mean: number | null;
  weights: number;
  /** For an increase: the lowest upper bound so far, the mean there, and the mean of what came since. */
  lowBound: number | null;
  lowMean: number;
  lowWeights: number;
  sinceLowMean: number | null;
  sinceLowWeights: number;
  /** For a decrease, the same about the highest lower bound. */
  highBound: number | null;
  highMean: number;
  highWeights: number;
  sinceHighMean: number | null;
  sinceHighWeights: number;
}

export const hddmWKind: DetectorKind<Required<HddmWOptions>, Memory> = {
  name: "hddm-w",
  values: "error",
  options: {
    driftConfidence: { kind: "number", fallback: 0.001, above: 0, below: 1 },
    warningConfidence: { kind: "number", fallback: 0.005, above: 0, below: 1 },
    lambda: { kind: "number", fallback: 0.05, above: 0, to: 1 },
    change: { kind: "choice", fallback: "increase", of: ["increase", "both"] },
  },
  start: () => ({
    mean: null,
    weights: 1,
    lowBound: null,
    lowMean: 0,
    lowWeights: 1,
    sinceLowMean: null,
    sinceLowWeights: 1,
    highBound: null,
    highMean: 0,
    highWeights: 1,
    sinceHighMean: null,
    sinceHighWeights: 1,
  }),
  step(memory, value, options) {
    const { driftConfidence, warningConfidence, lambda, change } = options;
    memory.mean = blend(memory.mean, value, lambda);
    memory.weights = weigh(memory.weights, lambda);
    const bound = boundOf(memory.weights, driftConfidence);
    follow(memory, { value, bound, lambda });
    const rise = memory.sinceLowMean === null ? -1 : memory.sinceLowMean - memory.lowMean;
    const riseWeights = memory.lowWeights + memory.sinceLowWeights;
    const falls = change === "both" && memory.sinceHighMean !== null;
    const fall = falls ? memory.highMean - (memory.sinceHighMean ?? 0) : -1;
    const fallWeights = memory.highWeights + memory.sinceHighWeights;
    const rings = (confidence: number) =>
      rise > boundOf(riseWeights, confidence) || fall > boundOf(fallWeights, confidence);
    if (rings(driftConfidence)) return "alarm";
    return rings(warningConfidence) ? "warning" : "ok";
  },
  figures: ({ mean, lowBound, lowMean, sinceLowMean }) => ({
    ...(mean === null ? {} : { mean }),
    ...(lowBound === null ? {} : { lowBound, lowMean }),
    ...(sinceLowMean === null ? {} : { sinceLowMean }),
  }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(hddmWKind.start(options), saved, read),
};

/** Moves the cuts to now, or counts the record to what came since. */
function follow(memory: Memory, now: { value: number; bound: number; lambda: number }): void {
  const { value, bound, lambda } = now;
  const mean = memory.mean ?? value;
  if (memory.lowBound === null || mean + bound < memory.lowBound) {
    memory.lowBound = mean + bound;
    memory.lowMean = mean;
    memory.lowWeights = memory.weights;
    memory.sinceLowMean = null;
    memory.sinceLowWeights = 1;
  } else {
    memory.sinceLowMean = blend(memory.sinceLowMean, value, lambda);
    memory.sinceLowWeights = weigh(memory.sinceLowWeights, lambda);
  }
  if (memory.highBound === null || mean - bound > memory.highBound) {
    memory.highBound = mean - bound;
    memory.highMean = mean;
    memory.highWeights = memory.weights;
    memory.sinceHighMean = null;
    memory.sinceHighWeights = 1;
  } else {
    memory.sinceHighMean = blend(memory.sinceHighMean, value, lambda);
    memory.sinceHighWeights = weigh(memory.sinceHighWeights, lambda);
  }
}

function blend(mean: number | null, value: number, lambda: number): number {
  return mean === null ? value : lambda * value + (1 - lambda) * mean;
}

function weigh(weights: number, lambda: number): number {
  return lambda * lambda + (1 - lambda) ** 2 * weights;
}

function boundOf(weights: number, confidence: number): number {
  return Math.sqrt((weights * Math.log(1 / confidence)) / 2);
}

/**
 * HDDM-W: rings when the exponentially weighted share of errors since a cut exceeds that before it by more than
 * McDiarmid's inequality lets chance explain. Like `hddmA`, and quicker with slow changes, for newer records weigh
 * more.
 *
 * Sources: Frías-Blanco et al., Online and non-parametric drift detection methods based on Hoeffding's bounds, IEEE
 * TKDE 27 (2015), the W-test; defaults of River's `drift.binary.HDDM_W`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function hddmW(options: HddmWOptions = {}): StreamDetector {
  return createDetector(hddmWKind, { ...options });
}
