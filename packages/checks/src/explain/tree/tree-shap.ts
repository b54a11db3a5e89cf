import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";
import { type Attributions, noAttributions } from "../attributions.ts";
import { needRows } from "../explain-input.ts";
import { addInterventional } from "./interventional.ts";
import { addPathDependent, expectedValues } from "./path-dependent.ts";
import { asRead, predictTrees } from "./predict-trees.ts";
import type { Tree, TreeEnsemble } from "./tree-ensemble.ts";

/** Settings of `treeShap`. */
export interface TreeShapOptions {
  /**
   * Rows that stand for "not known": then Shapley values are interventional, true to the model. The cost grows with
   * their number; 100 to 1,000 are usual. Without them they are path-dependent: true to the training data, by the
   * covers in the model file.
   */
  readonly background?: Matrix;
}

/**
 * Exact Shapley values of an ensemble of trees, in the unit of its score (`predictTrees` with `scale: "score"`).
 * The same numbers as `shap.TreeExplainer` with `feature_perturbation="tree_path_dependent"` or `"interventional"`.
 *
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { readLightgbm, treeShap } from "@scanflow/checks/explain";
 *
 * const model = readLightgbm(await readFile("model.txt", "utf8"));
 * const { base, values } = treeShap(model, { rows: 1, columns: 2, values: Float64Array.of(5.1, 0.2) });
 * console.log(base[0], values[0]?.values); // their sum is the score of the row
 * ```
 *
 * @param rows one column per feature of the model; NaN where a value is missing
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID for no row, a wrong number of columns, or when there is no
 * background and the model file has no covers
 */
export function treeShap(
  ensemble: TreeEnsemble,
  rows: Matrix,
  { background }: TreeShapOptions = {},
): Attributions {
  const { features, outputs, trees, offset, divisor } = ensemble;
  const wanted = { features: features.length, model: "the model" };
  needRows("treeShap", rows, wanted);
  const attributions = noAttributions(features, { rows: rows.rows, outputs });
  const target = { rows: asRead(ensemble, rows), attributions };
  if (background !== undefined) {
    needRows("treeShap: background", background, wanted);
    const others = asRead(ensemble, background);
    for (const tree of trees) addInterventional(tree, others, target);
    addMean(attributions.base, predictTrees(ensemble, background));
  } else {
    for (const [at, tree] of trees.entries()) {
      const cover = coverOf(tree, at);
      addPathDependent(tree, cover, target);
      for (const [place, value] of expectedValues(tree, cover).entries()) {
        add(attributions.base, tree.output + place, value);
      }
    }
    offset.forEach((value, at) => {
      attributions.base[at] = (attributions.base[at] as number) / divisor + value;
    });
  }
  if (divisor !== 1) for (const { values } of attributions.values) divide(values, divisor);
  return attributions;
}

function coverOf({ cover }: Tree, at: number): Float64Array {
  if (cover !== null) return cover;
  throw new ChecksError(
    "SCANFLOW_EXPLAIN_INPUT_INVALID",
    `treeShap: tree ${at} does not say how many training rows came by its nodes: ` +
      "give a background, or count the training rows with countCovers.",
  );
}

function addMean(base: Float64Array, { rows, columns, values }: Matrix): void {
  for (const [at, value] of values.entries()) add(base, at % columns, value / rows);
}

function divide(values: Float64Array, divisor: number): void {
  for (let at = 0; at < values.length; at += 1) values[at] = (values[at] as number) / divisor;
}

function add(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] as number) + value;
}
