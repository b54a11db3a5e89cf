import { ChecksError } from "../errors.ts";
import { createRandom, type Random } from "../random/random.ts";
import type { StreamDetector, StreamDetectorName } from "./stream-detector.ts";
import { type Tunable, thresholdOption, tunable } from "./tunable.ts";

/** Settings of `calibrateThreshold`. */
export interface CalibrationOptions {
  /** What the stream holds while nothing has changed: at least 30 values; for a detector of errors 0 and 1. */
  readonly referenceValues: ArrayLike<number>;
  /** How many records are to pass, on average, between two false alarms: 10 or more. */
  readonly expectedRunLength: number;
  readonly seed: number;
  /** The other options of a built-in detector; its threshold among them is replaced. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * How many neighbouring values are drawn together; default 1, for a stream whose records do not hang on those
   * before. Where they do, such as readings of a machine, give about the length over which they do.
   */
  readonly block?: number;
  /** How many streams are simulated for each threshold that is tried; default 200. More: slower, and nearer. */
  readonly streams?: number;
}

/** What `calibrateThreshold` found. */
export interface Calibration {
  readonly threshold: number;
  /** The option that holds the threshold, of a built-in; else null. */
  readonly option: string | null;
  /**
   * Records for each alarm, as measured at this threshold on draws that it was not chosen by; the largest number that
   * there is when none rang.
   */
  readonly runLength: number;
  /** An interval for it that holds with about 95 %. */
  readonly interval: readonly [number, number];
}

const STEPS = 40;

/**
 * Finds the threshold at which a detector rings, on average, once in so many records of a stream in which nothing
 * changes. By simulation: streams of that length are drawn from the reference values (a bootstrap, of blocks where
 * asked), each watched by a new detector, which starts over after an alarm; on average one alarm a stream is let
 * pass. The draws are the same for each threshold that is tried, and others for the measure that is given back.
 *
 * The length matters: detectors that compare with all that they have seen (ADWIN, DDM, EDDM, HDDM-A) ring early or
 * hardly ever, so that a mean over streams without end would say little. Where no threshold gives that run length
 * exactly it is the next longer one: KSWIN's p values are few, and ADWIN at its most sensitive may ring more rarely.
 *
 * It is no better than the reference values: a detector that is to ring once in 100,000 records is calibrated on
 * events that 500 values hardly hold.
 *
 * ```ts
 * import { calibrateThreshold, pageHinkley } from "@scanflow/checks/stream";
 *
 * const lossesOfLastWeek = Array.from({ length: 500 }, (_, row) => 0.2 + (row % 7) / 100);
 * const { threshold } = calibrateThreshold("page-hinkley", {
 *   referenceValues: lossesOfLastWeek,
 *   expectedRunLength: 10_000,
 *   seed: 1,
 * });
 * const detector = pageHinkley({ threshold });
 * ```
 *
 * @param detector the name of a built-in, or any detector as a function of its threshold
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID; SCANFLOW_SAMPLE_INVALID for too few values, and when no threshold
 * gives that run length
 */
export function calibrateThreshold(
  detector: StreamDetectorName | Tunable,
  { referenceValues, expectedRunLength, seed, options = {}, block = 1, streams = 200 }: CalibrationOptions,
): Calibration {
  needOptions(expectedRunLength, block, streams);
  if (referenceValues.length < 30) {
    throw refused(
      `there are ${referenceValues.length} reference values`,
      "Give 30 or more, better thousands",
    );
  }
  const subject = typeof detector === "string" ? tunable(detector, options) : detector;
  const records = Math.ceil(expectedRunLength);
  const simulate = (threshold: number, stream: string, stopAt: number) =>
    countAlarms(() => subject.create(threshold), {
      referenceValues,
      block,
      records,
      streams,
      stopAt,
      random: createRandom(seed, stream),
    });
  const ringsTooOften = (threshold: number) => sumOf(simulate(threshold, "search", streams + 1)) > streams;

  const [often, rare] = subject.rarer === "higher" ? [subject.from, subject.to] : [subject.to, subject.from];
  if (sumOf(simulate(often, "search", 1)) === 0) {
    throw refused(
      `even at ${often} it never rings on them`,
      "Give values that vary, ask for a longer run, or choose another detector",
    );
  }
  if (ringsTooOften(rare)) {
    throw refused(
      `even at ${rare} it rings more than once in ${expectedRunLength} records`,
      "Ask for a shorter run, or choose another detector",
    );
  }
  const threshold = ringsTooOften(often) ? bisect(often, rare, ringsTooOften) : often;
  const measured = simulate(threshold, "measure", Number.POSITIVE_INFINITY);
  const option = typeof detector === "string" ? thresholdOption(detector) : null;
  return { threshold, option, ...runLengthOf(measured, records) };
}

/** The rarest-ringing end of a bracket that is halved, by ratio, until it is 0.3 % wide. */
function bisect(often: number, rare: number, ringsTooOften: (threshold: number) => boolean): number {
  let [low, high] = [often, rare];
  for (let step = 0; step < STEPS && Math.abs(Math.log(high / low)) > 3e-3; step += 1) {
    const middle = Math.sqrt(low * high);
    if (ringsTooOften(middle)) low = middle;
    else high = middle;
  }
  return high;
}

interface Simulation {
  readonly referenceValues: ArrayLike<number>;
  readonly block: number;
  /** Of each stream. */
  readonly records: number;
  readonly streams: number;
  /** Ends when there have been so many alarms. */
  readonly stopAt: number;
  readonly random: Random;
}

/** The alarms of each stream. */
function countAlarms(create: () => StreamDetector, simulation: Simulation): number[] {
  const { referenceValues, block, records, streams, stopAt, random } = simulation;
  const size = referenceValues.length;
  const counts: number[] = [];
  let left = stopAt;
  for (let stream = 0; stream < streams && left > 0; stream += 1) {
    const detector = create();
    let alarms = 0;
    let at = 0;
    for (let record = 0; record < records; record += 1) {
      at = record % block === 0 ? random.below(size) : (at + 1) % size;
      if (detector.update(referenceValues[at] as number) === "alarm") alarms += 1;
    }
    counts.push(alarms);
    left -= alarms;
  }
  return counts;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** By the mean number of alarms over streams, and its standard error. */
function runLengthOf(
  counts: readonly number[],
  records: number,
): Pick<Calibration, "runLength" | "interval"> {
  const mean = sumOf(counts) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
  // With no alarm seen, "rule of three": 95 % sure that there are fewer than three in as many streams.
  const margin = mean === 0 ? 3 / counts.length : 1.96 * Math.sqrt(variance / counts.length);
  const most = mean <= margin ? Number.MAX_VALUE : records / (mean - margin);
  return {
    runLength: mean === 0 ? Number.MAX_VALUE : records / mean,
    interval: [records / (mean + margin), most],
  };
}

function needOptions(expectedRunLength: number, block: number, streams: number): void {
  need(
    "expectedRunLength",
    expectedRunLength,
    expectedRunLength >= 10 && expectedRunLength <= 1e9,
    "10 to 1e9",
  );
  need("block", block, Number.isSafeInteger(block) && block >= 1, "a whole number from 1");
  need("streams", streams, Number.isSafeInteger(streams) && streams >= 10, "a whole number from 10");
}

function need(name: string, value: number, holds: boolean, wanted: string): void {
  if (holds) return;
  const message = `calibrateThreshold: "${name}" is ${value}: give ${wanted}.`;
  throw new ChecksError("SCANFLOW_CHECK_OPTION_INVALID", message);
}

function refused(problem: string, action: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_SAMPLE_INVALID",
    `The threshold cannot be calibrated: ${problem}. ${action}.`,
  );
}
