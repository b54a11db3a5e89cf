import { buildTree, type FileNode } from "./build-tree.ts";
import type { TreeNodeReader } from "./onnx-tree-node.ts";
import type { FileTrees } from "./read-onnx-lists.ts";
import { readSplits } from "./read-splits.ts";
import { SPLIT } from "./tree-ensemble.ts";

/**
 * The trees of TreeEnsemble (ai.onnx.ml 5): lists with a place per split and others with a place per leaf, and sets
 * that end with NaN.
 */
export function readTreeEnsemble(read: TreeNodeReader): FileTrees {
  const modes = read.ints("nodes_modes");
  const count = modes.length;
  const splitAt = readSplits(read, { count, thresholds: "nodes_splits" });
  const yesIsLeaf = read.ints("nodes_trueleafs", count);
  const noIsLeaf = read.ints("nodes_falseleafs", count);
  const targets = read.ints("leaf_targetids");
  const weights = read.numbers("leaf_weights", targets.length);
  const members = setsOf(read.numbers("membership_values"), modes);

  // A leaf i has the id ~i.
  const idOf = (child: number, isLeaf: number | undefined) => (isLeaf === 1 ? ~child : child);
  const nodeOf = (id: number): FileNode => {
    if (id < 0) {
      const [target, weight] = [targets[~id], weights[~id]];
      if (target === undefined || weight === undefined)
        return read.fail(`leads to leaf ${~id}, which is not there`);
      if (target < 0) return read.fail(`has the output ${target} in "leaf_targetids"`);
      return { kind: "leaf", weights: [[target, weight]] };
    }
    const mode = modes[id] ?? read.fail(`leads to node ${id}, which is not there`);
    if (mode < 0 || mode > SPLIT.MEMBER) read.fail(`has the mode ${mode} at node ${id}`);
    const set = members.get(id);
    const split = splitAt(id);
    return {
      ...split,
      split: mode === SPLIT.MEMBER ? SPLIT.EXACT_MEMBER : mode,
      ...(set === undefined ? {} : { members: set }),
      yes: idOf(split.yes, yesIsLeaf[id]),
      no: idOf(split.no, noIsLeaf[id]),
    };
  };

  const roots = read.ints("tree_roots");
  return { trees: roots.map((root) => buildTree(root, nodeOf, read.fail)), named: new Set(targets) };
}

function setsOf(values: readonly number[], modes: readonly number[]): Map<number, ReadonlySet<number>> {
  const sets = new Map<number, ReadonlySet<number>>();
  let from = 0;
  for (const [node, mode] of modes.entries()) {
    if (mode !== SPLIT.MEMBER) continue;
    const end = values.findIndex((value, at) => at >= from && Number.isNaN(value));
    sets.set(node, new Set(values.slice(from, end < 0 ? undefined : end)));
    from = end < 0 ? values.length : end + 1;
  }
  return sets;
}
