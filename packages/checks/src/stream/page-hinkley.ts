import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { loadFlat, saveFlat } from "./flat-memory.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `pageHinkley`. */
export interface PageHinkleyOptions {
  /** How many records it sees before it may ring; default 30. */
  readonly minInstances?: number;
  /** The change of the mean that is let pass, in the values' unit; default 0.005. */
  readonly delta?: number;
  /** The sum of deviations at which it rings, in the values' unit; default 50. Higher: fewer false alarms, later. */
  readonly threshold?: number;
  /** The share of the sum that is kept from one record to the next, above 0 to 1; default 0.9999. */
  readonly alpha?: number;
  /** Which change rings: a mean that rises (the default), falls, or either. */
  readonly mode?: "up" | "down" | "both";
  /**
   * How the sum is compared. `clipped` (the default): a sum that never falls below 0, as in MOA, scikit-multiflow and
   * River to 0.13. `extremes`: the sum less its lowest value so far, as in River from 0.14 on; the two differ because
   * the sum fades.
   */
  readonly form?: "clipped" | "extremes";
}

interface Memory {
  records: number;
  mean: number;
  up: number;
  down: number;
  lowest: number | null;
  highest: number | null;
}

export const pageHinkleyKind: DetectorKind<Required<PageHinkleyOptions>, Memory> = {
  name: "page-hinkley",
  values: "finite",
  options: {
    minInstances: { kind: "whole", fallback: 30, from: 1 },
    delta: { kind: "number", fallback: 0.005, from: 0 },
    threshold: { kind: "number", fallback: 50, above: 0 },
    alpha: { kind: "number", fallback: 0.9999, above: 0, to: 1 },
    mode: { kind: "choice", fallback: "up", of: ["up", "down", "both"] },
    form: { kind: "choice", fallback: "clipped", of: ["clipped", "extremes"] },
  },
  start: () => ({ records: 0, mean: 0, up: 0, down: 0, lowest: null, highest: null }),
  step(memory, value, { minInstances, delta, threshold, alpha, mode, form }) {
    memory.records += 1;
    memory.mean += (value - memory.mean) / memory.records;
    const deviation = value - memory.mean;
    memory.up = alpha * memory.up + deviation - delta;
    memory.down = alpha * memory.down + deviation + delta;
    if (form === "clipped") {
      memory.up = Math.max(0, memory.up);
      memory.down = Math.min(0, memory.down);
    } else {
      memory.lowest = memory.lowest === null ? memory.up : Math.min(memory.lowest, memory.up);
      memory.highest = memory.highest === null ? memory.down : Math.max(memory.highest, memory.down);
    }
    if (memory.records < minInstances) return "ok";
    const { rise, fall } = distances(memory);
    const rings = (mode !== "down" && rise > threshold) || (mode !== "up" && fall > threshold);
    return rings ? "alarm" : "ok";
  },
  figures: (memory) => ({ records: memory.records, mean: memory.mean, ...distances(memory) }),
  save: saveFlat,
  load: (saved, options, read) => loadFlat(pageHinkleyKind.start(options), saved, read),
};

function distances({ up, down, lowest, highest }: Memory): { rise: number; fall: number } {
  return { rise: up - (lowest ?? 0), fall: (highest ?? 0) - down };
}

/**
 * The Page–Hinkley test: rings when the mean of the stream has risen (or fallen) for long enough. For a stream whose
 * scale is known, such as a loss or a response time: `delta` and `threshold` are in its unit.
 *
 * Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); defaults of River's `drift.PageHinkley`.
 *
 * ```ts
 * import { pageHinkley } from "@scanflow/checks/stream";
 *
 * const detector = pageHinkley({ threshold: 20 });
 * for (const loss of [0.2, 0.3, 0.2, 4.1]) {
 *   if (detector.update(loss) === "alarm") console.log("The loss has risen:", detector.figures());
 * }
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function pageHinkley(options: PageHinkleyOptions = {}): StreamDetector {
  return createDetector(pageHinkleyKind, { ...options });
}
