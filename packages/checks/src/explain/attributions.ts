import type { Matrix } from "../maths/matrix.ts";

/**
 * What each feature contributed to each answer of a model, in the unit of that answer. For Shapley values `base` and
 * the contributions of a row add up to the answer for that row (efficiency).
 */
export interface Attributions {
  readonly features: readonly string[];
  /** The answer expected when nothing is known of a row: one number per output. */
  readonly base: Float64Array;
  /** One matrix per output: rows explained × features. */
  readonly values: readonly Matrix[];
}

export function noAttributions(
  features: readonly string[],
  { rows, outputs }: { readonly rows: number; readonly outputs: number },
): Attributions {
  const columns = features.length;
  return {
    features,
    base: new Float64Array(outputs),
    values: Array.from({ length: outputs }, () => ({
      rows,
      columns,
      values: new Float64Array(rows * columns),
    })),
  };
}
