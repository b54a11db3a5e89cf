import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Matrix } from "../maths/matrix.ts";

/**
 * - `autoencoder`: a denoising autoencoder: what it cannot restore, what lies far from its neighbours among the
 *   latent vectors, and what has an unusual contrast (images) or an extreme value (tables)
 * - `pca`: what the first principal components cannot restore
 * - `neighbours`: mean distance to the nearest rows of the reference
 */
export type DetectorKind = (typeof DETECTOR_KINDS)[number];

/** Their names, the default first. */
export const DETECTOR_KINDS = ["autoencoder", "pca", "neighbours"] as const;

/** How unusual rows are; each array has one number per row, NaN where a row cannot be scored. */
export interface Scores {
  /**
   * From 0 to 1: the share of held-out reference rows that are less unusual; beyond them by an extrapolated tail. The
   * rows of a window like the reference are above 0.95 in 5 % of cases, whichever detector it is.
   */
  readonly score: Float64Array;
  /** −log10(1 − score): 1.3 at 5 %, 2 at 1 %, 3 at one in a thousand; tells rows apart where `score` is near 1. */
  readonly surprise: Float64Array;
  /** What the score rests on, by name, as it was measured. */
  readonly views: Readonly<Record<string, Float64Array>>;
}

/** A detector that was fitted to reference data: scores one row as well as many. */
export interface Detector {
  readonly kind: DetectorKind;
  /** Names of the columns that it reads, in the order of the ONNX file's input. */
  readonly columns: readonly string[];
  /** Shape of a row where it is an image: `[height, width]` or `[channels, height, width]`; else null. */
  readonly image: readonly number[] | null;
  /** Rows of the reference, and those of them that scores were calibrated on. */
  readonly reference: { readonly rows: number; readonly heldOut: number };
  /** Of each number of a restored row, the column that it comes from; empty for images. */
  readonly features: readonly string[];
  /**
   * @throws ChecksError SCANFLOW_COLUMN_INVALID when a column is missing, or of another kind or shape
   */
  score(rows: ColumnBatch): Promise<Scores>;
  /** A short vector per row, for pickers: rows that are alike are near each other. */
  latent(rows: ColumnBatch): Promise<Matrix>;
  /** The rows as the detector sees them (standardised), and as it restores them: for pictures. */
  restore(rows: ColumnBatch): Promise<{ readonly seen: Matrix; readonly restored: Matrix }>;
  /** A standard ONNX file that any runtime serves: input `x`, outputs `score`, `surprise`, `views`, `latent`, … */
  save(): Uint8Array;
  /** Frees the runtime's session. */
  close(): Promise<void>;
}
