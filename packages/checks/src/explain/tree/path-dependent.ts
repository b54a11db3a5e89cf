import type { Matrix } from "../../maths/matrix.ts";
import type { Attributions } from "../attributions.ts";
import { goesYes } from "./descend.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import type { Tree } from "./tree-ensemble.ts";

/** What a tree is explained into. */
export interface TreeTarget {
  readonly rows: Matrix;
  readonly attributions: Attributions;
}

/**
 * Adds a tree's path-dependent Shapley values: a feature outside the coalition goes both ways, weighted by cover
 * (Lundberg et al. 2018, "Consistent individualized feature attribution for tree ensembles", algorithm 2).
 *
 * Not by algorithm 2's own bookkeeping, whose UNWIND subtracts and costs depth² a leaf. A leaf's game is a product:
 * each feature i of its path gives o_i (the row follows the path) when in the coalition and z_i (the share of cover
 * that does) when not. So the Shapley value is an integral of a polynomial (Owen 1972, "Multilinear extensions of
 * games"):
 *
 *   φ_i = value · (o_i − z_i) · ∫₀¹ ∏_{j≠i} (t·o_j + (1 − t)·z_j) dt
 *
 * which Gauss–Legendre quadrature gives exactly, with positive terms only. The product is kept at its points on the
 * way down, and summed over leaves on the way up, so an edge costs a few multiplications whatever hangs below it
 * (as Yu et al. 2022, "Linear TreeSHAP", do with polynomials).
 */
export function addPathDependent(tree: Tree, cover: Float64Array, { rows, attributions }: TreeTarget): void {
  const { depth, distinct } = measure(tree);
  if (depth === 0) return;
  const { width, feature, yes, no } = tree;
  const { points, weights } = gaussLegendre(Math.ceil(distinct / 2));
  const count = points.length;
  const targets = Array.from(
    { length: width },
    (_, at) => attributions.values[tree.output + at]?.values ?? new Float64Array(0),
  );
  // By depth: the product at each point; one over the factor of the edge; the sum over the leaves below, per output.
  const product = new Float64Array((depth + 1) * count);
  const inverse = new Float64Array((depth + 1) * count);
  const sums = new Float64Array((depth + 1) * count * width);
  const follows = new Uint8Array(depth + 1);
  const share = new Float64Array(depth + 1);
  // By feature: the depth of the last edge that split by it on the way here; -1 when none did.
  const lastEdge = new Int32Array(rows.columns).fill(-1);
  // By depth: the child that the row goes to.
  const chosen = new Int32Array(depth + 1);
  let start = 0;
  product.set(weights);

  function visit(node: number, level: number): void {
    const by = feature[node] as number;
    if (by < 0) return atLeaf(node, level);
    sums.fill(0, level * count * width, (level + 1) * count * width);
    chosen[level] = (goesYes(tree, node, rows.values[start + by] as number) ? yes[node] : no[node]) as number;
    visitChild(node, yes[node] as number, level);
    visitChild(node, no[node] as number, level);
  }

  function atLeaf(node: number, level: number): void {
    for (let at = 0; at < width; at += 1) {
      const value = tree.values[node * width + at] as number;
      const target = (level * width + at) * count;
      for (let q = 0; q < count; q += 1) sums[target + q] = value * (product[level * count + q] as number);
    }
  }

  function visitChild(node: number, child: number, level: number): void {
    const by = feature[node] as number;
    const before = lastEdge[by] as number;
    const followed = before < 0 ? 1 : (follows[before] as number);
    const shared = before < 0 ? 1 : (share[before] as number);
    const o = chosen[level] === child ? followed : 0;
    const z = cover[node] === 0 ? 0 : (shared * (cover[child] as number)) / (cover[node] as number);
    if (o === 0 && z === 0) return;
    const below = level + 1;
    for (let q = 0; q < count; q += 1) {
      const t = points[q] as number;
      const factor = t * o + (1 - t) * z;
      const former = before < 0 ? 1 : (inverse[before * count + q] as number);
      product[below * count + q] = (product[level * count + q] as number) * former * factor;
      inverse[below * count + q] = 1 / factor;
    }
    lastEdge[by] = below;
    follows[below] = o;
    share[below] = z;
    visit(child, below);
    lastEdge[by] = before;
    for (let at = 0; at < width; at += 1) {
      const from = (below * width + at) * count;
      const into = (level * width + at) * count;
      let gain = 0;
      let former = 0;
      for (let q = 0; q < count; q += 1) {
        const sum = sums[from + q] as number;
        sums[into + q] = (sums[into + q] as number) + sum;
        gain += sum * (inverse[below * count + q] as number);
        if (before >= 0) former += sum * (inverse[before * count + q] as number);
      }
      const target = targets[at] as Float64Array;
      target[start + by] = (target[start + by] as number) + (o - z) * gain - (followed - shared) * former;
    }
  }

  for (let row = 0; row < rows.rows; row += 1) {
    start = row * rows.columns;
    visit(0, 0);
  }
}

/** The longest path, and the most features that any path splits by. */
function measure({ feature, yes, no }: Tree): { readonly depth: number; readonly distinct: number } {
  let depth = 0;
  let distinct = 1;
  const seen = new Map<number, number>();

  function visit(node: number, level: number): void {
    const by = feature[node] as number;
    if (by < 0) {
      depth = Math.max(depth, level);
      distinct = Math.max(distinct, seen.size);
      return;
    }
    const times = seen.get(by) ?? 0;
    seen.set(by, times + 1);
    visit(yes[node] as number, level + 1);
    visit(no[node] as number, level + 1);
    if (times === 0) seen.delete(by);
    else seen.set(by, times);
  }

  visit(0, 0);
  return { depth, distinct };
}

/** The value expected when every split goes both ways, by cover: what a tree gives to the base. */
export function expectedValues({ feature, yes, no, width, values }: Tree, cover: Float64Array): Float64Array {
  const expected = values.slice();
  for (let node = feature.length - 1; node >= 0; node -= 1) {
    if ((feature[node] as number) < 0) continue;
    const children = [yes[node] as number, no[node] as number];
    for (let at = 0; at < width; at += 1) {
      const mean = children.reduce(
        (sum, child) => sum + (cover[child] as number) * (expected[child * width + at] as number),
        0,
      );
      expected[node * width + at] = cover[node] === 0 ? 0 : mean / (cover[node] as number);
    }
  }
  return expected.subarray(0, width);
}
