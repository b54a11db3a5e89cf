import type { Matrix } from "../../maths/matrix.ts";
import { goesYes } from "./descend.ts";
import type { TreeTarget } from "./path-dependent.ts";
import type { Tree } from "./tree-ensemble.ts";

const ROW = 1;
const BACKGROUND = 2;

/**
 * Adds a tree's interventional Shapley values: a feature outside the coalition takes the value of a background row,
 * in turn of each (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for
 * trees", algorithm 3). Of a leaf that is reached with a features of the row and b of the background row, each of the
 * a gains (a − 1)! b! / (a + b)! and each of the b loses a! (b − 1)! / (a + b)!.
 */
export function addInterventional(tree: Tree, background: Matrix, { rows, attributions }: TreeTarget): void {
  const { width, feature, yes, no } = tree;
  const depth = depthOf(tree);
  if (depth === 0) return;
  const gains = gainTable(depth);
  const targets = Array.from(
    { length: width },
    (_, at) => attributions.values[tree.output + at]?.values ?? new Float64Array(0),
  );
  // By depth and output: what the leaves below give to a feature of the row, and take for one of the background.
  const given = new Float64Array((depth + 1) * width);
  const lost = new Float64Array((depth + 1) * width);
  const side = new Uint8Array(rows.columns);
  const size = depth + 1;
  let row = 0;
  let other = 0;
  let ofRow = 0;
  let ofBackground = 0;

  function visit(node: number, level: number): void {
    const by = feature[node] as number;
    if (by < 0) return atLeaf(node, level);
    const forRow = (goesYes(tree, node, rows.values[row + by] as number) ? yes[node] : no[node]) as number;
    const forOther = (
      goesYes(tree, node, background.values[other + by] as number) ? yes[node] : no[node]
    ) as number;
    if (forRow === forOther || side[by] === ROW) return visit(forRow, level);
    if (side[by] === BACKGROUND) return visit(forOther, level);
    branch(by, level, [forRow, forOther]);
  }

  function branch(by: number, level: number, [forRow, forOther]: readonly [number, number]): void {
    const below = (level + 1) * width;
    side[by] = ROW;
    ofRow += 1;
    visit(forRow, level + 1);
    ofRow -= 1;
    for (let at = 0; at < width; at += 1) {
      const target = targets[at] as Float64Array;
      target[row + by] = (target[row + by] as number) + (given[below + at] as number) / background.rows;
      given[level * width + at] = given[below + at] as number;
      lost[level * width + at] = lost[below + at] as number;
    }
    side[by] = BACKGROUND;
    ofBackground += 1;
    visit(forOther, level + 1);
    ofBackground -= 1;
    for (let at = 0; at < width; at += 1) {
      const target = targets[at] as Float64Array;
      target[row + by] = (target[row + by] as number) - (lost[below + at] as number) / background.rows;
      given[level * width + at] = (given[level * width + at] as number) + (given[below + at] as number);
      lost[level * width + at] = (lost[level * width + at] as number) + (lost[below + at] as number);
    }
    side[by] = 0;
  }

  function atLeaf(node: number, level: number): void {
    const gain = ofRow === 0 ? 0 : (gains[ofRow * size + ofBackground] as number);
    const loss = ofBackground === 0 ? 0 : (gains[ofBackground * size + ofRow] as number);
    for (let at = 0; at < width; at += 1) {
      const value = tree.values[node * width + at] as number;
      given[level * width + at] = value * gain;
      lost[level * width + at] = value * loss;
    }
  }

  for (row = 0; row < rows.values.length; row += rows.columns) {
    for (other = 0; other < background.values.length; other += rows.columns) visit(0, 0);
  }
}

/** (a − 1)! b! / (a + b)! at a × (depth + 1) + b. */
function gainTable(depth: number): Float64Array {
  const size = depth + 1;
  const table = new Float64Array(size * size);
  for (let a = 1; a < size; a += 1) {
    table[a * size] = 1 / a;
    for (let b = 1; b < size; b += 1)
      table[a * size + b] = ((table[a * size + b - 1] as number) * b) / (a + b);
  }
  return table;
}

function depthOf({ feature, yes, no }: Tree, node = 0): number {
  if ((feature[node] as number) < 0) return 0;
  const tree = { feature, yes, no } as Tree;
  return 1 + Math.max(depthOf(tree, yes[node]), depthOf(tree, no[node]));
}
