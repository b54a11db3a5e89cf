import { broken, fieldsOf, type LightgbmBlock, textField, wholeField } from "./lightgbm-block.ts";
import { readLevels } from "./lightgbm-levels.ts";
import type { Link } from "./link.ts";
import { readLightgbmTree } from "./read-lightgbm-tree.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

/**
 * Reads the model file of LightGBM (`Booster.save_model`, format versions 3 and 4): numerical and categorical
 * splits, every way of handling missing values, several classes, forests that answer a mean.
 *
 * @param text the whole file
 * @throws ChecksError SCANFLOW_TREES_INVALID when it is no such file, is cut off or damaged, or has linear leaves
 */
export function readLightgbm(text: string): TreeEnsemble {
  const [head = "", ...rest] = text.split(/^(?=Tree=\d+\s*$)/m);
  if (!/^tree\r?$/m.test(head.slice(0, 200))) {
    throw broken("the file", 'does not begin with "tree"', "Give the file that Booster.save_model wrote.");
  }
  const last = rest.length === 0 ? head : (rest.at(-1) ?? "");
  if (!/^end of trees\s*$/m.test(last)) throw broken("the file", 'is cut off before "end of trees"');
  const header: LightgbmBlock = { place: "the head", fields: fieldsOf(head) };
  const perRound = wholeField(header, "num_tree_per_iteration");
  const features = textField(header, "feature_names").split(" ");
  const most = wholeField(header, "max_feature_idx");
  if (features.length !== most + 1) {
    throw broken("the head", `names ${features.length} features, but max_feature_idx is ${most}`);
  }
  const sizes = header.fields.get("tree_sizes")?.trim().split(/\s+/).filter(Boolean).length ?? rest.length;
  if (sizes !== rest.length) throw broken("the file", `has ${rest.length} of ${sizes} trees`);
  const trees = rest.map((block, at) => {
    const fields = fieldsOf(block.split(/^end of trees/m, 1)[0] ?? "");
    return readLightgbmTree(
      { place: `tree ${at}`, fields },
      { features: features.length, output: at % perRound },
    );
  });
  return {
    features,
    levels: readLevels(features, header.fields.get("feature_infos") ?? "", last),
    outputs: perRound,
    trees,
    offset: new Float64Array(perRound),
    divisor: header.fields.has("average_output") ? Math.max(1, trees.length / perRound) : 1,
    link: linkOf(header.fields.get("objective") ?? ""),
    single: false,
  };
}

/** By objective, as each one's ConvertOutput has it (LightGBM 4, src/objective). */
function linkOf(objective: string): Link {
  const [name = "", ...options] = objective.trim().split(/\s+/);
  const steepness = Number(options.find((option) => option.startsWith("sigmoid:"))?.slice(8) ?? 1);
  if (name === "binary" || name === "multiclassova") return { kind: "sigmoid", steepness };
  if (name === "cross_entropy") return { kind: "sigmoid", steepness: 1 };
  if (name === "cross_entropy_lambda") return { kind: "softplus" };
  if (name === "multiclass") return { kind: "softmax" };
  if (["poisson", "gamma", "tweedie"].includes(name)) return { kind: "exponential" };
  return { kind: options.includes("sqrt") ? "signed-square" : "identity" };
}
