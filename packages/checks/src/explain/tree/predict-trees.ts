import type { Matrix } from "../../maths/matrix.ts";
import { needRows } from "../explain-input.ts";
import { leafOf } from "./descend.ts";
import { applyLink } from "./link.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

/** Settings of `predictTrees`. */
export interface PredictTreesOptions {
  /**
   * - `score`: the sum of the trees, such as log odds: what Tree SHAP explains; the default
   * - `answer`: after the model's link, such as probabilities
   */
  readonly scale?: "score" | "answer";
}

/**
 * What an ensemble of trees says of rows: the numbers of LightGBM's `predict`, bit for bit, and those of ONNX Runtime
 * up to the order in which its threads add.
 *
 * @param rows one column per feature of the model; NaN where a value is missing
 * @returns rows × outputs
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID for no row or a wrong number of columns
 */
export function predictTrees(
  ensemble: TreeEnsemble,
  rows: Matrix,
  { scale = "score" }: PredictTreesOptions = {},
): Matrix {
  const { features, outputs, trees, offset, divisor, link, single } = ensemble;
  needRows("predictTrees", rows, { features: features.length, model: "the model" });
  const given = asRead(ensemble, rows);
  const round = single ? Math.fround : (value: number) => value;
  const values = new Float64Array(rows.rows * outputs);
  for (const tree of trees) {
    for (let row = 0; row < rows.rows; row += 1) {
      const leaf = leafOf(tree, given.values, row * given.columns);
      const target = row * outputs + tree.output;
      for (let at = 0; at < tree.width; at += 1) {
        values[target + at] = round(
          (values[target + at] as number) + (tree.values[leaf * tree.width + at] as number),
        );
      }
    }
  }
  for (let row = 0; row < rows.rows; row += 1) {
    const scores = values.subarray(row * outputs, (row + 1) * outputs);
    for (let at = 0; at < outputs; at += 1) {
      scores[at] = round((scores[at] as number) / divisor + (offset[at] as number));
    }
    if (scale === "answer") applyLink(link, scores);
  }
  return { rows: rows.rows, columns: outputs, values };
}

/** The rows as the model reads them: rounded to 32 bits for a model of floats. */
export function asRead({ single }: TreeEnsemble, rows: Matrix): Matrix {
  return single ? { ...rows, values: Float64Array.from(rows.values, Math.fround) } : rows;
}
