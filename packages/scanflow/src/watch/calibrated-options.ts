import { type JsonObject, toMatrix } from "@scanflow/checks";
import { calibrateThreshold, type StreamDetectorName, streamDetector } from "@scanflow/checks/stream";
import { ScanflowError } from "@scanflow/core";
import { type DataOptions, readBatches } from "../data/index.ts";

interface Calibrated {
  readonly detector: string;
  readonly column: string;
  /** Of the detector, and `expectedRunLength` where it is to be calibrated. */
  readonly params: JsonObject;
  /** The path of data in which nothing changes. */
  readonly reference: string | null;
  /** How these data are read. */
  readonly reading: DataOptions;
  readonly seed: number;
}

/**
 * A detector's options, its threshold found for `expectedRunLength` records between false alarms where that is asked.
 * Errors: SCANFLOW_CHECK_OPTION_INVALID, SCANFLOW_SAMPLE_INVALID, SCANFLOW_STREAM_CALIBRATION, those of reading.
 */
export async function calibratedOptions(asked: Calibrated): Promise<JsonObject> {
  const { detector, column, reference, reading, seed } = asked;
  const { expectedRunLength, ...options } = asked.params;
  const { name } = streamDetector(detector, options);
  if (expectedRunLength === undefined) return options;
  if (reference === null) {
    throw new ScanflowError(
      "SCANFLOW_STREAM_CALIBRATION",
      `"expectedRunLength" needs values in which nothing changes, to find the threshold of ${name} by. Name them with --reference.`,
    );
  }
  const referenceValues: number[] = [];
  for await (const batch of readBatches(reference, { ...reading, columns: [column] })) {
    for (const value of toMatrix(batch, [column]).values)
      if (!Number.isNaN(value)) referenceValues.push(value);
  }
  const found = calibrateThreshold(name as StreamDetectorName, {
    referenceValues,
    seed,
    options,
    expectedRunLength: Number(expectedRunLength),
  });
  const alpha = name === "eddm" ? { alpha: Math.max(0.95, found.threshold) } : {};
  return { ...alpha, ...options, [found.option ?? ""]: found.threshold };
}
