import type { Matrix } from "../../maths/matrix.ts";
import { needRows } from "../explain-input.ts";
import { goesYes } from "./descend.ts";
import { asRead } from "./predict-trees.ts";
import type { Tree, TreeEnsemble } from "./tree-ensemble.ts";

/**
 * The ensemble with covers counted from rows, such as those it was trained on: what path-dependent Tree SHAP needs
 * and ONNX files do not hold.
 *
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID for no row or a wrong number of columns
 */
export function countCovers(ensemble: TreeEnsemble, rows: Matrix): TreeEnsemble {
  needRows("countCovers", rows, { features: ensemble.features.length, model: "the model" });
  const given = asRead(ensemble, rows);
  return { ...ensemble, trees: ensemble.trees.map((tree) => ({ ...tree, cover: coverOf(tree, given) })) };
}

function coverOf(tree: Tree, { rows, columns, values }: Matrix): Float64Array {
  const cover = new Float64Array(tree.feature.length);
  for (let row = 0; row < rows; row += 1) {
    let node = 0;
    for (;;) {
      cover[node] = (cover[node] as number) + 1;
      const by = tree.feature[node] as number;
      if (by < 0) break;
      node = (
        goesYes(tree, node, values[row * columns + by] as number) ? tree.yes[node] : tree.no[node]
      ) as number;
    }
  }
  return cover;
}
