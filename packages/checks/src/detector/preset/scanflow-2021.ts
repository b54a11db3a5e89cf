import type { ColumnBatch } from "../../batch/column-batch.ts";
import { ChecksError } from "../../errors.ts";
import { exportNetwork } from "../../nn/export-network.ts";
import type { Layer, Network } from "../../nn/network.ts";
import { type Epoch, trainNetwork } from "../../nn/train-network.ts";
import type { OnnxRuntime } from "../../onnx/runtime.ts";
import type { Signal } from "../../signal.ts";
import { imageOf } from "../rows/image-of.ts";
import { learnColumns, rowsOf, rowWidth } from "../rows/row-columns.ts";
import { type RowBlock, runRows } from "../run-rows.ts";

/** The name of the preset where detectors are chosen by name. */
export const SCANFLOW_2021 = "scanflow-2021";

/**
 * What the original Scanflow published of it: 1,000 training images of MNIST, 300 inference images, 148 flagged and 12
 * picked; a retrained model's accuracy went from .708 to .715 (labels of the model's own) or .710 (of people).
 */
export const SCANFLOW_2021_PUBLISHED = {
  trainingImages: 1000,
  inferenceImages: 300,
  flagged: 148,
  picked: 12,
  accuracyBefore: 0.708,
  accuracyAfter: { machineLabels: 0.715, humanLabels: 0.71 },
} as const;

/** Settings of `scanflow2021`. */
export interface Scanflow2021Options {
  readonly runtime: OnnxRuntime;
  /** The column of images, or those of their pixels; all when left out. */
  readonly columns?: readonly string[];
  /** `[height, width]` of the image that columns are the pixels of; a tensor column has a shape of its own. */
  readonly image?: readonly number[];
  /** Default 50. */
  readonly epochs?: number;
  /** Of the first weights and the order of rows; default 0. */
  readonly seed?: number;
  readonly signal?: Signal;
  readonly onEpoch?: (epoch: Epoch) => void;
}

/** The detector of the original Scanflow, with its flaws. */
export interface Scanflow2021 {
  /** The columns that it reads. */
  readonly columns: readonly string[];
  /** Rows that it was trained on, and that its limits are of. */
  readonly reference: { readonly rows: number };
  /**
   * Reconstruction errors scaled by the least and largest of this very batch: a threshold for one batch means nothing
   * in another, and a batch of one row always scores 0.
   */
  score(rows: ColumnBatch): Promise<Float64Array>;
  /** Rows outside the training scores' own quantiles .025 and .975: what is restored too well is flagged as well. */
  flag(rows: ColumnBatch): Promise<readonly boolean[]>;
  /** The training scores' quantiles .025 and .975. */
  readonly limits: readonly [low: number, high: number];
  close(): Promise<void>;
}

/**
 * The detector that the original Scanflow (2021) had, for comparison and not for use: a convolutional autoencoder of
 * 16, 8 and 8 filters, trained by Adadelta on clean images to give clean images (no noise), scores scaled by each
 * batch's own least and largest error, and two-sided quantiles of the training scores as limits. Images are to be from
 * 0 to 1. Prefer `fitDetector`.
 *
 * @param reference images `[height, width]` with sides that are multiples of 4: one tensor column, or a column a pixel
 * @throws ChecksError SCANFLOW_DETECTOR_REFERENCE when the reference has no such images, or fewer than two rows,
 * SCANFLOW_CHECK_OPTION_INVALID when `image` has more pixels than there are columns, or fewer
 */
export async function scanflow2021(
  reference: ColumnBatch,
  { runtime, columns: names, image: wanted, epochs = 50, seed = 0, signal, onEpoch }: Scanflow2021Options,
): Promise<Scanflow2021> {
  const columns = learnColumns(reference, names ?? reference.columns.map(({ name }) => name));
  const image = imageOf(columns, wanted);
  const [height = 0, width = 0] = image ?? [];
  if (image?.length !== 2 || height % 4 !== 0 || width % 4 !== 0 || reference.rows < 2) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_REFERENCE",
      `The preset ${SCANFLOW_2021} takes images [height, width] with sides that are multiples of 4, in two rows or ` +
        `more, not ${reference.rows} rows of ${columns.length} columns (${image ? `images of [${image}]` : "no images"}): ` +
        'give one tensor column, or "image" for columns of pixels; or take another detector, such as the autoencoder.',
    );
  }
  const network = originalNetwork(height, width);
  const rows = { rows: reference.rows, values: rowsOf(reference, columns) };
  const { weights } = await trainNetwork(network, rows, {
    runtime,
    loss: "logistic",
    optimizer: { kind: "adadelta" },
    batch: 128,
    epochs,
    seed,
    ...(signal && { signal }),
    ...(onEpoch && { onEpoch }),
  });
  const session = await runtime.open(
    exportNetwork({ ...network, layers: [...network.layers, { kind: "sigmoid" }] }, weights),
  );

  async function errorsOf(block: RowBlock): Promise<Float64Array> {
    const restored = (await runRows(session, block, ["y"])).get("y") ?? block;
    const size = rowWidth(columns);
    const errors = new Float64Array(block.rows);
    for (let at = 0; at < block.values.length; at += 1) {
      const row = Math.floor(at / size);
      errors[row] = (errors[row] ?? 0) + ((block.values[at] ?? 0) - (restored.values[at] ?? 0)) ** 2 / size;
    }
    return errors;
  }

  const training = scaledByBatch(await errorsOf(rows)).toSorted();
  const quantile = (share: number) => training[Math.floor(share * (training.length - 1))] ?? 0;
  const limits = [quantile(0.025), quantile(0.975)] as const;
  async function score(batch: ColumnBatch): Promise<Float64Array> {
    return scaledByBatch(await errorsOf({ rows: batch.rows, values: rowsOf(batch, columns) }));
  }
  return {
    columns: columns.map(({ name }) => name),
    reference: { rows: reference.rows },
    limits,
    score,
    flag: async (batch) => Array.from(await score(batch), (one) => one < limits[0] || one > limits[1]),
    close: () => session.close(),
  };
}

function scaledByBatch(errors: Float64Array): Float64Array {
  const low = errors.reduce((least, error) => Math.min(least, error), Number.POSITIVE_INFINITY);
  const high = errors.reduce((most, error) => Math.max(most, error), Number.NEGATIVE_INFINITY);
  return errors.map((error) => (high === low ? 0 : (error - low) / (high - low)));
}

function originalNetwork(height: number, width: number): Network {
  const conv = (filters: number): Layer[] => [{ kind: "conv", filters, kernel: 3 }, { kind: "relu" }];
  const down: Layer = { kind: "max-pool", size: 2 };
  const up: Layer = { kind: "upsample", scale: 2 };
  return {
    input: [height * width],
    layers: [
      { kind: "reshape", shape: [1, height, width] },
      ...conv(16),
      down,
      ...conv(8),
      down,
      ...conv(8),
      ...conv(8),
      up,
      ...conv(8),
      up,
      ...conv(16),
      { kind: "conv", filters: 1, kernel: 3 },
      { kind: "reshape", shape: [height * width] },
    ],
  };
}
