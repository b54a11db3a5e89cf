import type { ColumnBatch } from "../../batch/column-batch.ts";
import { ChecksError } from "../../errors.ts";
import { exportNetwork } from "../../nn/export-network.ts";
import type { Layer, Network } from "../../nn/network.ts";
import { type Epoch, trainNetwork } from "../../nn/train-network.ts";
import type { OnnxRuntime } from "../../onnx/runtime.ts";
import { learnColumns, rowsOf, rowWidth } from "../rows/row-columns.ts";
import { type RowBlock, runRows } from "../run-rows.ts";

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

export interface Scanflow2021Options {
  readonly runtime: OnnxRuntime;
  readonly epochs?: number;
  readonly seed?: number;
  readonly onEpoch?: (epoch: Epoch) => void;
}

/** The detector of the original Scanflow, with its flaws. */
export interface Scanflow2021 {
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
 * @param reference one tensor column of images, `[height, width]` with sides that are multiples of 4
 * @throws ChecksError SCANFLOW_DETECTOR_REFERENCE when the reference is no such column, or has fewer than two rows
 */
export async function scanflow2021(
  reference: ColumnBatch,
  { runtime, epochs = 50, seed = 0, onEpoch }: Scanflow2021Options,
): Promise<Scanflow2021> {
  const columns = learnColumns(
    reference,
    reference.columns.map(({ name }) => name),
  );
  const [column] = columns;
  const [height = 0, width = 0] = column?.kind === "tensor" ? column.shape : [];
  const fits = columns.length === 1 && column?.kind === "tensor" && column.shape.length === 2;
  if (!fits || height % 4 !== 0 || width % 4 !== 0 || reference.rows < 2) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_REFERENCE",
      `The preset scanflow-2021 takes one tensor column [height, width], sides multiples of 4, in two rows or more, ` +
        `not ${reference.rows} rows of ${columns.length} columns (${height} × ${width}): use fitDetector instead.`,
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
