import type { Feature, Split, Tree } from "./boosted-trees.ts";

/** The trees as LightGBM writes a model to a file: LightGBM, Scanflow and other tools read it. */
export function lightgbmFile(features: readonly Feature[], trees: readonly Tree[]): string {
  const blocks = trees.map((tree, at) => `Tree=${at}\n${treeBlock(tree)}\n\n`);
  const head = [
    ...["tree", "version=v4", "num_class=1", "num_tree_per_iteration=1", "label_index=0"],
    `max_feature_idx=${features.length - 1}`,
    "objective=binary sigmoid:1",
    `feature_names=${features.map(({ name }) => name).join(" ")}`,
    `feature_infos=${features.map(infoOf).join(" ")}`,
    `tree_sizes=${blocks.map(({ length }) => length).join(" ")}`,
  ];
  const levels = features.flatMap((feature) => (feature.levels === null ? [] : [feature.levels]));
  return `${head.join("\n")}\n\n${blocks.join("")}end of trees\n\npandas_categorical:${JSON.stringify(levels)}\n`;
}

function infoOf({ values, levels }: Feature): string {
  if (levels !== null) return [...levels.keys()].join(":");
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as readonly [number, number],
  );
  return `[${low}:${high}]`;
}

/** Splits are numbered from the root on, leaves by themselves; a leaf i is written as ~i among the children. */
function treeBlock(tree: Tree): string {
  const splits: { split: Split; rows: number; left: number; right: number }[] = [];
  const leaves: { rows: number; value: number }[] = [];
  const place = (part: Tree): number => {
    if ("value" in part) return ~(leaves.push(part) - 1);
    const at = splits.push({ split: part.split, rows: part.rows, left: 0, right: 0 }) - 1;
    const children = { left: place(part.left), right: place(part.right) };
    Object.assign(splits[at] as object, children);
    return at;
  };
  place(tree);
  const sets = splits.flatMap(({ split: { members } }) => (members === null ? [] : [wordsOf(members)]));
  let set = 0;
  const thresholds = splits.map(({ split }) => (split.members === null ? split.threshold : set++));
  let end = 0;
  const bounds = [0, ...sets.map(({ length }) => (end += length))];
  const fields: Readonly<Record<string, number | readonly number[]>> = {
    num_leaves: leaves.length,
    num_cat: sets.length,
    split_feature: splits.map(({ split }) => split.feature),
    split_gain: splits.map(() => 0),
    threshold: thresholds,
    // 1: a set of categories; 2: numbers, of which none is missing.
    decision_type: splits.map(({ split }) => (split.members === null ? 2 : 1)),
    left_child: splits.map(({ left }) => left),
    right_child: splits.map(({ right }) => right),
    leaf_value: leaves.map(({ value }) => value),
    leaf_weight: leaves.map(({ rows }) => rows),
    leaf_count: leaves.map(({ rows }) => rows),
    internal_value: splits.map(() => 0),
    internal_weight: splits.map(({ rows }) => rows),
    internal_count: splits.map(({ rows }) => rows),
    ...(sets.length > 0 && { cat_boundaries: bounds, cat_threshold: sets.flat() }),
    is_linear: 0,
    shrinkage: 1,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(" ") : value}`)
    .join("\n");
}

/** A set of codes as bits, 32 a word. */
function wordsOf(members: readonly number[]): number[] {
  const words = new Uint32Array(Math.floor(Math.max(...members) / 32) + 1);
  for (const code of members) words[code >>> 5] = ((words[code >>> 5] ?? 0) | (1 << (code & 31))) >>> 0;
  return [...words];
}
