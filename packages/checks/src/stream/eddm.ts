import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `eddm`. */
export interface EddmOptions {
  /** How many errors it sees before it may ring; default 30. */
  readonly warmStart?: number;
  /** The share of the best distance between errors below which it warns; default 0.95, not below `beta`. */
  readonly alpha?: number;
  /** The same for an alarm; default 0.9. */
  readonly beta?: number;
}

interface Memory {
  records: number;
  lastError: number;
  errors: number;
  meanDistance: number;
  variation: number;
  best: number;
  /** 1 since an error came too soon, until one comes that does not. */
  warned: number;
}

export const eddmKind: DetectorKind<Required<EddmOptions>, Memory> = {
  name: "eddm",
  values: "error",
  options: {
    warmStart: { kind: "whole", fallback: 30, from: 0 },
    alpha: { kind: "number", fallback: 0.95, above: 0, to: 1 },
    beta: { kind: "number", fallback: 0.9, above: 0, to: 1 },
  },
  conflict: ({ alpha, beta }) =>
    alpha < beta ? `"alpha" is ${alpha} and "beta" ${beta}: give an alpha that is not below beta` : null,
  start: () => ({ records: 0, lastError: 0, errors: 0, meanDistance: 0, variation: 0, best: 0, warned: 0 }),
  step(memory, value, options) {
    memory.records += 1;
    return value === 1 ? takeError(memory, options) : statusOf(memory);
  },
  figures: (memory) => ({
    records: memory.records,
    errors: memory.errors,
    meanDistance: memory.meanDistance,
    deviation: deviationOf(memory),
    best: memory.best,
  }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(eddmKind.start(options), saved, read),
};

function takeError(
  memory: Memory,
  { warmStart, alpha, beta }: Required<EddmOptions>,
): "ok" | "warning" | "alarm" {
  memory.errors += 1;
  const distance = memory.records - memory.lastError;
  memory.lastError = memory.records;
  const before = memory.meanDistance;
  memory.meanDistance += (distance - before) / memory.errors;
  memory.variation += (distance - before) * (distance - memory.meanDistance);
  if (memory.records <= warmStart) return "ok";
  const reach = memory.meanDistance + 2 * deviationOf(memory);
  if (reach > memory.best) {
    memory.best = reach;
    return statusOf(memory);
  }
  if (memory.errors <= warmStart) return "ok";
  const level = reach / memory.best;
  if (level < beta) return "alarm";
  memory.warned = level < alpha ? 1 : 0;
  return statusOf(memory);
}

function statusOf({ warned }: Memory): "ok" | "warning" {
  return warned === 1 ? "warning" : "ok";
}

function deviationOf({ errors, variation }: Memory): number {
  return errors > 1 ? Math.sqrt(variation / (errors - 1)) : 0;
}

/**
 * The Early Drift Detection Method: rings when a model's errors come closer together than they have at their best.
 * For slow changes of a model that errs seldom; it rings falsely more often than `ddm` and `hddmA`.
 *
 * Sources: Baena-García, del Campo-Ávila, Fidalgo, Bifet, Gavaldà, Morales-Bueno, Early drift detection method, 2006;
 * defaults of River's `drift.binary.EDDM`, which tests from the 30th error on.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function eddm(options: EddmOptions = {}): StreamDetector {
  return createDetector(eddmKind, { ...options });
}
