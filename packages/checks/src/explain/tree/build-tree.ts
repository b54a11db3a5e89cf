import { MISSING, type Tree } from "./tree-ensemble.ts";

/** A node as a file has it: a leaf with its outputs, or a split with the ids of its children. */
export type FileNode =
  | { readonly kind: "leaf"; readonly weights: readonly (readonly [output: number, weight: number])[] }
  | {
      readonly kind: "split";
      readonly feature: number;
      readonly split: number;
      readonly threshold: number;
      readonly missingGoesYes: boolean;
      /** Of a set split. */
      readonly members?: ReadonlySet<number>;
      readonly yes: number;
      readonly no: number;
    };

/**
 * Puts the nodes of one tree in order, parents before children.
 *
 * @param nodeOf what the file says of an id; it throws for one that is not there
 * @param fail throws the error of the file
 */
export function buildTree(
  root: number,
  nodeOf: (id: number) => FileNode,
  fail: (found: string) => never,
): Tree {
  const places = new Map<number, number>();
  const nodes: FileNode[] = [];
  const waiting = [root];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (places.has(id)) fail(`leads to node ${id} twice`);
    const node = nodeOf(id);
    places.set(id, nodes.length);
    nodes.push(node);
    if (node.kind === "split") waiting.push(node.no, node.yes);
  }
  const used = nodes.flatMap((node) => (node.kind === "leaf" ? node.weights.map(([output]) => output) : []));
  const output = used.reduce((least, own) => Math.min(least, own), used[0] ?? 0);
  const width = used.reduce((most, own) => Math.max(most, own), output) - output + 1;
  const splits = nodes.map((node) => (node.kind === "split" ? node : null));
  const values = new Float64Array(nodes.length * width);
  const categories: ReadonlySet<number>[] = [];
  for (const [at, node] of nodes.entries()) {
    if (node.kind === "split") continue;
    for (const [own, weight] of node.weights) {
      values[at * width + own - output] = (values[at * width + own - output] as number) + weight;
    }
  }
  const threshold = splits.map((node) => {
    if (node?.members === undefined) return node?.threshold ?? 0;
    categories.push(node.members);
    return categories.length - 1;
  });
  const place = (id: number | undefined) => (id === undefined ? 0 : (places.get(id) ?? 0));
  return {
    output,
    width,
    feature: Int32Array.from(splits, (node) => node?.feature ?? -1),
    split: Uint8Array.from(splits, (node) => node?.split ?? 0),
    missing: Uint8Array.from(splits, (node) =>
      node?.missingGoesYes ? MISSING.NAN_IS_MISSING | MISSING.GOES_YES : 0,
    ),
    threshold: Float64Array.from(threshold),
    yes: Int32Array.from(splits, (node) => place(node?.yes)),
    no: Int32Array.from(splits, (node) => place(node?.no)),
    cover: null,
    values,
    categories,
  };
}
