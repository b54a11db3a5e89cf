import { createRandom, type RandomState, resumeRandom } from "../random/random.ts";
import { createDetector, type DetectorKind } from "./detector-kind.ts";
import { drawOlder, emptyMemory, type KswinMemory, largestGap, takeValue } from "./kswin-window.ts";
import type { StreamDetector } from "./stream-detector.ts";

/** Settings of `kswin`. */
export interface KswinOptions {
  /** The p value at or below which it rings, above 0 and below 1; default 0.005. */
  readonly alpha?: number;
  /** How many of the last records it keeps; default 100. */
  readonly windowSize?: number;
  /** How many of these are new, and how many of the older are drawn; default 30, at most half of the window. */
  readonly statSize?: number;
  /** Of the draws; default 1. */
  readonly seed?: number;
}

/** The least distance that rings, as in River: with many values a tiny change is significant. */
const MINIMUM_DISTANCE = 0.1;

/** @param resume makes the source of chance; a test puts Python's own here */
export function kswinKindOf(
  resume: (state: RandomState) => { below(limit: number): number; state(): RandomState },
): DetectorKind<Required<KswinOptions>, KswinMemory> {
  return {
    name: "kswin",
    values: "finite",
    options: {
      alpha: { kind: "number", fallback: 0.005, above: 0, below: 1 },
      windowSize: { kind: "whole", fallback: 100, from: 2, to: 100_000 },
      statSize: { kind: "whole", fallback: 30, from: 1, to: 10_000 },
      seed: { kind: "whole", fallback: 1 },
    },
    conflict: ({ windowSize, statSize }) =>
      statSize * 2 > windowSize
        ? `"statSize" is ${statSize} and "windowSize" ${windowSize}: give a window of at least twice the statSize`
        : null,
    start: ({ windowSize, statSize, seed }) =>
      emptyMemory({ windowSize, statSize, random: resume(createRandom(seed, "kswin").state()) }),
    step(memory, value, { alpha, windowSize, statSize }) {
      takeValue(memory, value, statSize);
      if (memory.filled < windowSize) return "ok";
      drawOlder(memory);
      const gap = largestGap(memory);
      memory.distance = gap / statSize;
      memory.pValue = memory.pValues[gap] as number;
      return memory.pValue <= alpha && memory.distance > MINIMUM_DISTANCE ? "alarm" : "ok";
    },
    figures: ({ filled, distance, pValue }) => ({ records: filled, distance, pValue }),
    save: (memory) => ({
      values: valuesInOrder(memory),
      random: memory.random.state(),
      distance: memory.distance,
      pValue: memory.pValue,
    }),
    load(saved, { windowSize, statSize }, read) {
      const values = read.list(saved.values, "memory.values");
      if (values.length > windowSize)
        read.fail("memory.values", values.length, `${windowSize} values at most`);
      const words = read
        .list(saved.random, "memory.random")
        .map((word) => read.finite(word, "memory.random"));
      const [a, b, c, counter] = words;
      if (a === undefined || b === undefined || c === undefined || counter === undefined) {
        return read.fail("memory.random", saved.random, "four whole numbers");
      }
      const memory = emptyMemory({ windowSize, statSize, random: resume([a, b, c, counter]) });
      for (const [index, value] of values.entries()) {
        takeValue(memory, read.finite(value, `memory.values[${index}]`), statSize);
      }
      memory.distance = read.finite(saved.distance, "memory.distance");
      memory.pValue = read.finite(saved.pValue, "memory.pValue");
      return memory;
    },
  };
}

function valuesInOrder({ values, filled, next }: KswinMemory): number[] {
  const start = filled < values.length ? 0 : next;
  return Array.from({ length: filled }, (_, age) => values[(start + age) % values.length] as number);
}

export const kswinKind = kswinKindOf(resumeRandom);

/**
 * KSWIN: compares the newest records with as many drawn from the older ones of a window by the Kolmogorov–Smirnov
 * test, at every record. Finds a change of the whole distribution, not only of the mean; it needs no scale.
 *
 * It tests at every record: on a stream where nothing changes it rings about once in some hundred records at the
 * default `alpha`; choose it far smaller, or by `calibrateThreshold`.
 *
 * Sources: Raab, Heusinger, Schleif, Reactive soft prototype computing for concept drift streams, Neurocomputing 416
 * (2020); defaults of River's `drift.KSWIN`. Here the window is kept sorted, so a record costs one pass over it.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function kswin(options: KswinOptions = {}): StreamDetector {
  return createDetector(kswinKind, { ...options });
}
