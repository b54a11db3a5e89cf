import { type ColumnBatch, columnOf } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import type { CheckContext } from "../checker/checker.ts";
import { needRuntime, openSaved } from "../detector/check/open-saved.ts";
import type { Detector } from "../detector/detector.ts";
import { fitDetector } from "../detector/fit-detector.ts";
import { ChecksError } from "../errors.ts";
import { shuffledPlaces } from "../random/shuffle.ts";
import type { ShiftParams } from "./shift-params.ts";

/** A detector to look with, and the rows of the reference that it did not learn from. */
export interface Chosen {
  readonly detector: Detector | null;
  readonly compared: ColumnBatch;
  /** The rest of the reference is what the detector was fitted to. */
  readonly halved: boolean;
}

/** A detector learns from 40 rows at least, and as many are needed to compare with. */
const FEWEST_ROWS = 80;

/**
 * The saved detector; or one that is fitted to half of the reference, where there are tensors or an image is named, or
 * where a kind is asked for.
 *
 * @param names columns of data
 * @throws ChecksError SCANFLOW_DETECTOR_INVALID, SCANFLOW_DETECTOR_REFERENCE, SCANFLOW_TRAINING_DIVERGED
 */
export async function chooseDetector(
  reference: ColumnBatch,
  names: readonly string[],
  { params, context }: { readonly params: ShiftParams; readonly context: CheckContext },
): Promise<Chosen> {
  const { kind, image } = params;
  if (params.detector !== null) {
    return { detector: await openSaved(params.detector, context), compared: reference, halved: false };
  }
  const tensors = names.filter((name) => columnOf(reference, name)?.kind === "tensor");
  const asked = kind !== null || image !== null;
  if (kind === "none" || (!asked && tensors.length === 0)) {
    return { detector: null, compared: reference, halved: false };
  }
  const runtime = needRuntime(context);
  if (reference.rows < FEWEST_ROWS) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_REFERENCE",
      `The reference has ${reference.rows} rows, of which a detector would learn from half: ` +
        `give at least ${FEWEST_ROWS}, or name a saved one in "detector".`,
    );
  }
  const order = shuffledPlaces(reference.rows, context.random("halves"));
  const half = reference.rows >> 1;
  const detector = await fitDetector(takeRows(reference, order.subarray(0, half)), {
    runtime,
    columns: asked ? names : tensors,
    seed: context.random("detector").below(2 ** 31),
    signal: context.signal,
    ...(kind !== null && { kind }),
    ...(image !== null && { image }),
  });
  return { detector, compared: takeRows(reference, order.subarray(half)), halved: true };
}
