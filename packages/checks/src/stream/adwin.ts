import {
  dropOldest,
  emptyWindow,
  insertRecord,
  loadWindow,
  saveWindow,
  type Window,
} from "./adwin-window.ts";
import { createDetector, type DetectorKind } from "./detector-kind.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `adwin`. */
export interface AdwinOptions {
  /** The share of false alarms that is let pass at each test, 0 to 1, both left out; default 0.002. */
  readonly delta?: number;
  /** It tests at every so many records; default 32. */
  readonly clock?: number;
  /** The most buckets of one size; default 5. More: finer cuts, more memory and time. */
  readonly maxBuckets?: number;
  /** The fewest records on either side of a cut; default 5. */
  readonly minWindowLength?: number;
  /** It does not test a window of so few records; default 10. */
  readonly gracePeriod?: number;
  /**
   * Where the window is cut to be tested. `every`: behind each bucket, as in the paper and River 0.26; it finds some
   * changes a clock earlier. `inner` (the default): the newest bucket of each size always counts as new, as in the
   * authors' own code, MOA and River 0.21.
   */
  readonly cuts?: "inner" | "every";
  /**
   * What it goes on with after an alarm. `nothing` (the default), as River's `drift.ADWIN`. `window`: what is left of
   * its window, as in the paper; one large change then rings more than once, while it drops older buckets.
   */
  readonly keep?: "nothing" | "window";
}

export const adwinKind: DetectorKind<Required<AdwinOptions>, Window> = {
  name: "adwin",
  values: "finite",
  options: {
    delta: { kind: "number", fallback: 0.002, above: 0, below: 1 },
    clock: { kind: "whole", fallback: 32, from: 1 },
    maxBuckets: { kind: "whole", fallback: 5, from: 1 },
    minWindowLength: { kind: "whole", fallback: 5, from: 1 },
    gracePeriod: { kind: "whole", fallback: 10, from: 0 },
    cuts: { kind: "choice", fallback: "inner", of: ["inner", "every"] },
    keep: { kind: "choice", fallback: "nothing", of: ["nothing", "window"] },
  },
  start: emptyWindow,
  step(window, value, options) {
    insertRecord(window, value, options.maxBuckets);
    window.sinceTest = (window.sinceTest + 1) % options.clock;
    if (window.sinceTest !== 0 || window.width <= options.gracePeriod) return "ok";
    let changed = false;
    while (isCut(window, options)) {
      dropOldest(window);
      changed = true;
    }
    return changed ? "alarm" : "ok";
  },
  restart: (window, { keep }) => (keep === "window" ? window : emptyWindow()),
  figures: ({ width, total, variation }) => ({
    width,
    mean: width === 0 ? 0 : total / width,
    variance: width === 0 ? 0 : variation / width,
  }),
  save: saveWindow,
  load: (saved, { maxBuckets }, read) => loadWindow(saved, maxBuckets, read),
};

/** Is there a cut of the window whose two parts differ in mean by more than chance allows? */
function isCut(window: Window, { delta, minWindowLength, cuts }: Required<AdwinOptions>): boolean {
  const { width, total, variation, rows } = window;
  const logTerm = Math.log((2 * Math.log(width)) / delta);
  const variance = variation / width;
  let older = 0;
  let olderTotal = 0;
  for (let level = rows.length - 1; level >= 0; level -= 1) {
    const row = rows[level] as Window["rows"][number];
    const end = cuts === "every" ? row.length : row.length - 1;
    for (let index = 0; index < end; index += 1) {
      older += 2 ** level;
      olderTotal += row[index]?.total ?? 0;
      const newer = width - older;
      if (newer < minWindowLength) return false;
      if (older < minWindowLength) continue;
      const difference = Math.abs(olderTotal / older - (total - olderTotal) / newer);
      const inverse = 1 / (older - minWindowLength + 1) + 1 / (newer - minWindowLength + 1);
      const byChance = Math.sqrt(2 * inverse * variance * logTerm) + (2 / 3) * logTerm * inverse;
      if (difference > byChance) return true;
    }
  }
  return false;
}

/**
 * ADWIN, the adaptive window: keeps as many of the last records as have one mean, and rings when older ones no longer
 * belong. For any bounded measure of a stream; it needs no scale and no reference, and its `figures` are the mean and
 * the width of the present state.
 *
 * Sources: Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SDM 2007, with an exponential
 * histogram of buckets (ADWIN2); defaults of River's `drift.ADWIN`.
 *
 * ```ts
 * import { adwin } from "@scanflow/checks/stream";
 *
 * const detector = adwin({ delta: 0.001 });
 * for (const seconds of [0.2, 0.25, 0.21]) detector.update(seconds);
 * console.log(detector.figures()); // { width: 3, mean: 0.22, variance: 0.000466… }
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function adwin(options: AdwinOptions = {}): StreamDetector {
  return createDetector(adwinKind, { ...options });
}
