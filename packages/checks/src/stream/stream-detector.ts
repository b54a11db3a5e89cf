import type { JsonObject } from "../json/json.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";

/** What one record changed: nothing, a first sign, or that the stream is no longer what it was. */
export type StreamStatus = Exclude<VerdictStatus, "invalid">;

/**
 * Watches a stream of numbers, one record at a time, in memory that does not grow with the stream (ADWIN's grows with
 * its logarithm). After an `alarm` it starts over with the next record, as it was when new.
 */
export interface StreamDetector {
  /** Which one: the name that `streamDetector` takes. */
  readonly name: StreamDetectorName;
  /**
   * Takes the next record.
   *
   * @throws ChecksError SCANFLOW_STREAM_VALUE_INVALID for NaN and numbers beyond 1e150, and for anything but 0 and 1 in a detector
   * of errors (`ddm`, `eddm`, `hddm-a`, `hddm-w`); the detector is then as it was before
   */
  update(value: number): StreamStatus;
  /** What it rests its answers on, by name: for a person, and as evidence of a verdict. */
  figures(): Readonly<Record<string, number>>;
  /** All of it as plain JSON: `restoreDetector` makes one of it that answers as this one would have. */
  state(): DetectorState;
}

/** The names of the built-in stream detectors. */
export type StreamDetectorName =
  | "adwin"
  | "page-hinkley"
  | "cusum"
  | "ddm"
  | "eddm"
  | "hddm-a"
  | "hddm-w"
  | "kswin";

/** A stream detector at rest. */
export interface DetectorState {
  readonly version: 1;
  readonly detector: StreamDetectorName;
  readonly options: JsonObject;
  /** The last record rang: the next one starts it over. */
  readonly alarmed: boolean;
  readonly memory: JsonObject;
}
