import type { Matrix } from "../../maths/matrix.ts";
import type { Random } from "../../random/random.ts";
import { shuffle } from "../../random/shuffle.ts";
import { needMatrices } from "../../statistics/need-matrices.ts";

/** How far the order of features by importance moved. */
export interface AttributionDrift {
  /**
   * Normalised discounted cumulative gain of the window's order, with the reference's importances as gains: 1 when the
   * order is the same, less the more an important feature lost its place.
   */
  readonly ndcg: number;
  /** That rows dealt out anew to both sides give so low a gain. */
  readonly pValue: number;
  /** Mean absolute attribution of each feature. */
  readonly reference: Float64Array;
  readonly window: Float64Array;
}

/**
 * Whether a model rests on other features than it did (the measure of Amazon SageMaker Clarify's feature attribution
 * drift), with a permutation test beside it, as the order of features that matter about the same moves by chance.
 *
 * @param reference attributions: rows × features, such as Shapley values
 * @param window the same features
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, other columns, NaN or infinity
 */
export function attributionDrift(
  reference: Matrix,
  window: Matrix,
  { random, repeats = 499 }: { readonly random: Random; readonly repeats?: number },
): AttributionDrift {
  needMatrices(reference, window, { names: ["reference", "window"], least: 1 });
  const columns = reference.columns;
  const pooled = new Float64Array((reference.rows + window.rows) * columns);
  pooled.set(reference.values.map(Math.abs));
  pooled.set(window.values.map(Math.abs), reference.rows * columns);
  const rows = Int32Array.from({ length: reference.rows + window.rows }, (_, row) => row);
  const split = () =>
    [
      meanOfRows(pooled, columns, rows.subarray(0, reference.rows)),
      meanOfRows(pooled, columns, rows.subarray(reference.rows)),
    ] as const;
  const [before, now] = split();
  const ndcg = gainOf(before, now);
  let asLow = 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    shuffle(rows, random);
    if (gainOf(...split()) <= ndcg + 1e-12) asLow += 1;
  }
  return { ndcg, pValue: (asLow + 1) / (repeats + 1), reference: before, window: now };
}

/** NDCG: gains `reference`, in the order of `window`, over those in their own order. */
function gainOf(reference: Float64Array, window: Float64Array): number {
  // Shares of the greatest: large gains would overflow when they are added up.
  const greatest = Math.max(...reference);
  if (!(greatest > 0)) return 1;
  const gains = reference.map((gain) => gain / greatest);
  return discounted(gains, orderOf(window)) / discounted(gains, orderOf(gains));
}

function discounted(gains: Float64Array, order: readonly number[]): number {
  return order.reduce((sum, feature, place) => sum + (gains[feature] as number) / Math.log2(place + 2), 0);
}

/** The features by falling importance. */
export function orderOf(importance: Float64Array): number[] {
  const order = Array.from(importance.keys());
  return order.sort((a, b) => (importance[b] as number) - (importance[a] as number) || a - b);
}

function meanOfRows(values: Float64Array, columns: number, rows: Int32Array): Float64Array {
  const mean = new Float64Array(columns);
  for (const row of rows) {
    for (let at = 0; at < columns; at += 1)
      mean[at] = (mean[at] as number) + (values[row * columns + at] as number) / rows.length;
  }
  return mean;
}
