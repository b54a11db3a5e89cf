import { buildTree, type FileNode } from "./build-tree.ts";
import type { TreeNodeReader } from "./onnx-tree-node.ts";
import { readSplits } from "./read-splits.ts";
import { SPLIT, type Tree } from "./tree-ensemble.ts";

/** Trees with the number of outputs their leaves name. */
export interface FileTrees {
  readonly trees: readonly Tree[];
  /** Outputs that leaves name. */
  readonly named: ReadonlySet<number>;
}

const MODES: Readonly<Record<string, number>> = {
  BRANCH_LEQ: SPLIT.LESS_OR_EQUAL,
  BRANCH_LT: SPLIT.LESS,
  BRANCH_GTE: SPLIT.GREATER_OR_EQUAL,
  BRANCH_GT: SPLIT.GREATER,
  BRANCH_EQ: SPLIT.EQUAL,
  BRANCH_NEQ: SPLIT.NOT_EQUAL,
};

/**
 * The trees of TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 and 3): parallel lists with a place
 * per node, and others with a place per leaf and output.
 *
 * @param kind what the lists of leaves begin with
 */
export function readTreeLists(read: TreeNodeReader, kind: "class" | "target"): FileTrees {
  const ids = read.ints("nodes_nodeids");
  const count = ids.length;
  const treeIds = read.ints("nodes_treeids", count);
  const modes = read.texts("nodes_modes", count);
  const splitAt = readSplits(read, { count, thresholds: "nodes_values" });
  const places = new Map(ids.map((id, at) => [`${treeIds[at]}/${id}`, at]));
  if (places.size !== count) read.fail("names a node twice");
  const weights = readWeights(read, kind);

  const nodeOf =
    (tree: number) =>
    (id: number): FileNode => {
      const key = `${tree}/${id}`;
      const at = places.get(key) ?? read.fail(`leads to node ${id} of tree ${tree}, which is not there`);
      if (modes[at] === "LEAF") return { kind: "leaf", weights: weights.get(key) ?? [] };
      const split =
        MODES[modes[at] ?? ""] ?? read.fail(`has the mode ${modes[at]} at node ${id} of tree ${tree}`);
      return { ...splitAt(at), split };
    };

  const roots = new Map<number, number>();
  for (const [at, tree] of treeIds.entries()) if (!roots.has(tree)) roots.set(tree, ids[at] as number);
  return {
    trees: [...roots].map(([tree, root]) =>
      buildTree(root, nodeOf(tree), (found) => read.fail(`${found} in tree ${tree}`)),
    ),
    named: new Set([...weights.values()].flatMap((list) => list.map(([output]) => output))),
  };
}

function readWeights(read: TreeNodeReader, kind: "class" | "target"): Map<string, [number, number][]> {
  const outputs = read.ints(`${kind}_ids`);
  const nodes = read.ints(`${kind}_nodeids`, outputs.length);
  const trees = read.ints(`${kind}_treeids`, outputs.length);
  const weights = read.numbers(`${kind}_weights`, outputs.length);
  const byNode = new Map<string, [number, number][]>();
  for (const [at, output] of outputs.entries()) {
    if (output < 0) read.fail(`has the output ${output} in "${kind}_ids"`);
    const key = `${trees[at]}/${nodes[at]}`;
    const list = byNode.get(key) ?? [];
    list.push([output, weights[at] as number]);
    byNode.set(key, list);
  }
  return byNode;
}
