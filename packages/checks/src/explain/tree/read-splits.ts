import type { FileNode } from "./build-tree.ts";
import type { TreeNodeReader } from "./onnx-tree-node.ts";

/** What both forms of tree ensemble say of a split in the same way. */
export type SplitLists = Pick<
  Extract<FileNode, { kind: "split" }>,
  "kind" | "feature" | "threshold" | "missingGoesYes" | "yes" | "no"
>;

/** The lists that have a place per split. @param thresholds what the list of them is called */
export function readSplits(
  read: TreeNodeReader,
  { count, thresholds }: { readonly count: number; readonly thresholds: string },
): (place: number) => SplitLists {
  const feature = read.ints("nodes_featureids", count);
  const threshold = read.numbers(thresholds, count);
  const yes = read.ints("nodes_truenodeids", count);
  const no = read.ints("nodes_falsenodeids", count);
  const tracks = read.ints("nodes_missing_value_tracks_true");
  return (place) => ({
    kind: "split",
    feature: feature[place] as number,
    threshold: threshold[place] as number,
    missingGoesYes: tracks[place] === 1,
    yes: yes[place] as number,
    no: no[place] as number,
  });
}
