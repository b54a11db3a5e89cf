import { streamDetector } from "./built-in-detectors.ts";
import type { StreamDetector, StreamDetectorName } from "./stream-detector.ts";

/** A detector as a function of the one setting that says how easily it rings. */
export interface Tunable {
  create(threshold: number): StreamDetector;
  /** Which thresholds make it ring more rarely. */
  readonly rarer: "higher" | "lower";
  /** The thresholds to look between, both above 0. */
  readonly from: number;
  readonly to: number;
}

interface Sensitivity extends Omit<Tunable, "create"> {
  readonly option: string;
  /** What goes along with the option, so that the two do not contradict each other. */
  along?(threshold: number): Readonly<Record<string, unknown>>;
}

/** By which option each built-in is made more or less sensitive. */
const sensitivities: Readonly<Record<StreamDetectorName, Sensitivity>> = {
  adwin: { option: "delta", rarer: "lower", from: 1e-15, to: 0.9 },
  "page-hinkley": { option: "threshold", rarer: "higher", from: 1e-9, to: 1e12 },
  cusum: { option: "threshold", rarer: "higher", from: 1e-3, to: 1e6 },
  ddm: { option: "driftThreshold", rarer: "higher", from: 0.5, to: 50 },
  eddm: {
    option: "beta",
    rarer: "lower",
    from: 0.01,
    to: 1,
    along: (beta) => ({ alpha: Math.max(0.95, beta) }),
  },
  "hddm-a": { option: "driftConfidence", rarer: "lower", from: 1e-15, to: 0.5 },
  "hddm-w": { option: "driftConfidence", rarer: "lower", from: 1e-15, to: 0.5 },
  kswin: { option: "alpha", rarer: "lower", from: 1e-15, to: 0.5 },
};

/** The option of a built-in that `calibrateThreshold` sets. */
export function thresholdOption(name: StreamDetectorName): string {
  return sensitivities[name].option;
}

/** A built-in with all options but its threshold given. */
export function tunable(name: StreamDetectorName, options: Readonly<Record<string, unknown>>): Tunable {
  const { option, along, ...bounds } = sensitivities[name];
  return {
    ...bounds,
    create: (threshold) => streamDetector(name, { ...along?.(threshold), ...options, [option]: threshold }),
  };
}
