import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `hddmA`. */
export interface HddmAOptions {
  /** The chance of an alarm at a test when nothing has changed, at most; default 0.001. */
  readonly driftConfidence?: number;
  /** The same for a warning; default 0.005. */
  readonly warningConfidence?: number;
  /** `increase` (the default): of the error rate. `both`: a decrease rings too. */
  readonly change?: "increase" | "both";
}

interface Memory {
  records: number;
  mean: number;
  /** The cut at which the mean was lowest for certain, and the mean up to there. */
  lowRecords: number;
  lowMean: number;
  highRecords: number;
  highMean: number;
}

export const hddmAKind: DetectorKind<Required<HddmAOptions>, Memory> = {
  name: "hddm-a",
  values: "error",
  options: {
    driftConfidence: { kind: "number", fallback: 0.001, above: 0, below: 1 },
    warningConfidence: { kind: "number", fallback: 0.005, above: 0, below: 1 },
    change: { kind: "choice", fallback: "increase", of: ["increase", "both"] },
  },
  start: () => ({ records: 0, mean: 0, lowRecords: 0, lowMean: 0, highRecords: 0, highMean: 0 }),
  step(memory, value, { driftConfidence, warningConfidence, change }) {
    memory.records += 1;
    memory.mean += (value - memory.mean) / memory.records;
    moveCuts(memory, driftConfidence);
    const rise = memory.mean - memory.lowMean;
    const fall = change === "both" ? memory.highMean - memory.mean : -1;
    const riseLog = spread(memory.records, memory.lowRecords);
    const fallLog = spread(memory.records, memory.highRecords);
    if (differs(rise, riseLog, driftConfidence) || differs(fall, fallLog, driftConfidence)) return "alarm";
    const warns = differs(rise, riseLog, warningConfidence) || differs(fall, fallLog, warningConfidence);
    return warns ? "warning" : "ok";
  },
  figures: (memory) => ({ ...memory }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(hddmAKind.start(options), saved, read),
};

function moveCuts(memory: Memory, confidence: number): void {
  const { records, mean } = memory;
  const logTerm = Math.log(1 / confidence);
  const bound = Math.sqrt(logTerm / (2 * records));
  const lowBound = Math.sqrt(logTerm / (2 * memory.lowRecords));
  if (memory.lowRecords === 0 || memory.lowMean + lowBound >= mean + bound) {
    memory.lowRecords = records;
    memory.lowMean = mean;
  }
  const highBound = Math.sqrt(logTerm / (2 * memory.highRecords));
  if (memory.highRecords === 0 || memory.highMean - highBound <= mean - bound) {
    memory.highRecords = records;
    memory.highMean = mean;
  }
}

/** The width of the difference between the mean up to a cut and the mean of all; 0 when the cut is now. */
function spread(records: number, cut: number): number {
  return (records - cut) / (cut * records);
}

function differs(difference: number, width: number, confidence: number): boolean {
  return width > 0 && difference >= Math.sqrt((width / 2) * Math.log(2 / confidence));
}

/**
 * HDDM-A: rings when the share of errors since a cut exceeds that before it by more than Hoeffding's inequality lets
 * chance explain. For a model's right and wrong predictions and an abrupt change; it assumes nothing of the stream
 * but independence.
 *
 * Sources: Frías-Blanco et al., Online and non-parametric drift detection methods based on Hoeffding's bounds, IEEE
 * TKDE 27 (2015), the A-test; defaults of River's `drift.binary.HDDM_A`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function hddmA(options: HddmAOptions = {}): StreamDetector {
  return createDetector(hddmAKind, { ...options });
}
