import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `ddm`. */
export interface DdmOptions {
  /** How many records it sees before it may ring; default 30. */
  readonly warmStart?: number;
  /** How many standard deviations above its best the error rate must be for a warning; default 2. */
  readonly warningThreshold?: number;
  /** The same for an alarm; default 3. */
  readonly driftThreshold?: number;
}

interface Memory {
  records: number;
  errorRate: number;
  bestRate: number | null;
  bestDeviation: number | null;
}

export const ddmKind: DetectorKind<Required<DdmOptions>, Memory> = {
  name: "ddm",
  values: "error",
  options: {
    warmStart: { kind: "whole", fallback: 30, from: 0 },
    warningThreshold: { kind: "number", fallback: 2, above: 0 },
    driftThreshold: { kind: "number", fallback: 3, above: 0 },
  },
  start: () => ({ records: 0, errorRate: 0, bestRate: null, bestDeviation: null }),
  step(memory, value, { warmStart, warningThreshold, driftThreshold }) {
    memory.records += 1;
    memory.errorRate += (value - memory.errorRate) / memory.records;
    if (memory.records <= warmStart) return "ok";
    const deviation = deviationOf(memory);
    const level = memory.errorRate + deviation;
    let { bestRate, bestDeviation } = memory;
    if (bestRate === null || bestDeviation === null || level <= bestRate + bestDeviation) {
      bestRate = memory.errorRate;
      bestDeviation = deviation;
      memory.bestRate = bestRate;
      memory.bestDeviation = bestDeviation;
    }
    if (level > bestRate + driftThreshold * bestDeviation) return "alarm";
    return level > bestRate + warningThreshold * bestDeviation ? "warning" : "ok";
  },
  figures: (memory) => ({
    records: memory.records,
    errorRate: memory.errorRate,
    deviation: memory.records === 0 ? 0 : deviationOf(memory),
    ...(memory.bestRate === null ? {} : { bestRate: memory.bestRate }),
    ...(memory.bestDeviation === null ? {} : { bestDeviation: memory.bestDeviation }),
  }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(ddmKind.start(options), saved, read),
};

/** Of a share of errors: the root of p (1 - p) / n. */
function deviationOf({ errorRate, records }: Memory): number {
  return Math.sqrt((errorRate * (1 - errorRate)) / records);
}

/**
 * The Drift Detection Method: rings when a model's error rate has risen well above the best it has had. For a stream
 * of right and wrong predictions; a slow rise is found late, see `eddm` and `hddmA`.
 *
 * It tests at every record without paying for it: on a stream where nothing changes it rings sooner or later, more
 * often the lower `warmStart` is. `calibrateThreshold` finds a `driftThreshold` for a wanted time between false
 * alarms.
 *
 * Sources: Gama, Medas, Castillo, Rodrigues, Learning with drift detection, SBIA 2004; defaults of River's
 * `drift.binary.DDM`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function ddm(options: DdmOptions = {}): StreamDetector {
  return createDetector(ddmKind, { ...options });
}
