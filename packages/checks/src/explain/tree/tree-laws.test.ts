import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../maths/matrix.ts";
import { createRandom, type Random } from "../../random/random.ts";
import { expectClose, rowOf, shapleyOf } from "../explain.support.ts";
import { countCovers } from "./count-covers.ts";
import { goesYes } from "./descend.ts";
import { predictTrees } from "./predict-trees.ts";
import { MISSING, SPLIT, type Tree, type TreeEnsemble } from "./tree-ensemble.ts";
import { treeShap } from "./tree-shap.ts";

const FEATURES = 5;

/** A random tree of two outputs on the first four of the features, with paths that come back to a feature. */
function randomTree(random: Random, deepest: number): Tree {
  const feature: number[] = [];
  const [split, missing, threshold, yes, no, cover, values]: number[][] = [[], [], [], [], [], [], []];
  function grow(level: number): number {
    const node = feature.length;
    const leaf = level === deepest || random.uniform() < 0.15;
    feature.push(leaf ? -1 : random.below(FEATURES - 1));
    split?.push(random.below(SPLIT.MEMBER + 1));
    missing?.push(random.below(2) * (MISSING.NAN_IS_MISSING | MISSING.GOES_YES));
    threshold?.push(random.below(3));
    yes?.push(0);
    no?.push(0);
    cover?.push(1 + random.below(9));
    values?.push(random.uniform() - 0.5, random.uniform());
    if (leaf) return node;
    (yes as number[])[node] = grow(level + 1);
    (no as number[])[node] = grow(level + 1);
    const sum = ((cover as number[])[yes?.[node] ?? 0] ?? 0) + ((cover as number[])[no?.[node] ?? 0] ?? 0);
    (cover as number[])[node] = sum;
    return node;
  }
  grow(0);
  return {
    output: 0,
    width: 2,
    feature: Int32Array.from(feature),
    split: Uint8Array.from(split ?? []),
    missing: Uint8Array.from(missing ?? []),
    threshold: Float64Array.from(threshold ?? []),
    yes: Int32Array.from(yes ?? []),
    no: Int32Array.from(no ?? []),
    cover: Float64Array.from(cover ?? []),
    values: Float64Array.from(values ?? []),
    categories: [new Set([0, 2]), new Set([1]), new Set()],
  };
}

function randomEnsemble(seed: number): { readonly ensemble: TreeEnsemble; readonly rows: Matrix } {
  const random = createRandom(seed);
  const trees = Array.from({ length: 1 + random.below(3) }, () => randomTree(random, 1 + random.below(6)));
  const values = Float64Array.from({ length: 4 * FEATURES }, () =>
    random.uniform() < 0.1 ? Number.NaN : random.below(4) - 0.5 * random.below(2),
  );
  const ensemble: TreeEnsemble = {
    features: ["a", "b", "c", "d", "unused"],
    levels: new Map(),
    outputs: 2,
    trees,
    offset: Float64Array.of(0.5, -1),
    divisor: trees.length,
    link: { kind: "identity" },
    single: false,
  };
  return { ensemble, rows: { rows: 4, columns: FEATURES, values } };
}

/** The expected value of a tree's output when only the coalition's features are known (algorithm 1 of the paper). */
function expected(
  tree: Tree,
  row: readonly number[],
  [coalition, output, node]: [number, number, number],
): number {
  const by = tree.feature[node] as number;
  if (by < 0) return tree.values[node * 2 + output] as number;
  const [yes, no] = [tree.yes[node] as number, tree.no[node] as number];
  const below = (child: number) => expected(tree, row, [coalition, output, child]);
  if ((coalition >> by) & 1) return below(goesYes(tree, node, row[by] as number) ? yes : no);
  const [cover, ofYes, ofNo] = [node, yes, no].map((at) => tree.cover?.[at] ?? 0) as [number, number, number];
  return (below(yes) * ofYes + below(no) * ofNo) / cover;
}

const seeds = fc.integer({ min: 0, max: 1e9 });

test("path-dependent values are the Shapley values of the definition", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { ensemble, rows } = randomEnsemble(seed);
      const { base, values } = treeShap(ensemble, rows);
      for (const output of [0, 1]) {
        const worth = (row: number, coalition: number) =>
          ensemble.trees.reduce(
            (sum, tree) => sum + expected(tree, rowOf(rows, row), [coalition, output, 0]),
            0,
          ) / ensemble.divisor;
        for (let row = 0; row < rows.rows; row += 1) {
          const wanted = shapleyOf(FEATURES, (coalition) => worth(row, coalition));
          const found = rowOf(values[output], row);
          expectClose(found, wanted, 12);
        }
        expect(base[output]).toBeCloseTo(worth(0, 0) + (ensemble.offset[output] ?? 0), 12);
      }
    }),
    { numRuns: 150 },
  );
});

test("interventional values are the Shapley values of the definition", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { ensemble, rows } = randomEnsemble(seed);
      const background = randomEnsemble(seed + 1).rows;
      const { values } = treeShap(ensemble, rows, { background });
      for (let row = 0; row < rows.rows; row += 1) {
        const known = rowOf(rows, row);
        const answers = Array.from({ length: 2 ** FEATURES }, (_, coalition) => {
          const mixed = background.values.map((other, at) =>
            (coalition >> (at % FEATURES)) & 1 ? (known[at % FEATURES] as number) : other,
          );
          const said = predictTrees(ensemble, { ...background, values: mixed }).values;
          return [0, 1].map(
            (output) => said.filter((_, at) => at % 2 === output).reduce((a, b) => a + b, 0) / 4,
          );
        });
        for (const output of [0, 1]) {
          const wanted = shapleyOf(FEATURES, (coalition) => answers[coalition]?.[output] as number);
          const found = rowOf(values[output], row);
          expectClose(found, wanted, 12);
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe("laws", () => {
  test("contributions and the base add up to the score, and an unused feature contributes nothing", () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, interventional) => {
        const { ensemble, rows } = randomEnsemble(seed);
        const background = interventional ? { background: randomEnsemble(seed + 1).rows } : {};
        const { base, values } = treeShap(ensemble, rows, background);
        const scores = predictTrees(ensemble, rows).values;
        for (let row = 0; row < rows.rows; row += 1) {
          for (const output of [0, 1]) {
            const found = rowOf(values[output], row);
            const sum = found.reduce((a, b) => a + b, base[output] as number);
            expect(sum).toBeCloseTo(scores[row * 2 + output] as number, 12);
            expect(found[FEATURES - 1]).toBe(0);
          }
        }
      }),
    );
  });

  test("two features that play the same part contribute the same", () => {
    // a and b, both against 1, in either order: the score is how many of them are above.
    const tree = {
      ...randomTree(createRandom(1), 0),
      width: 1,
      feature: Int32Array.of(0, 1, 1, -1, -1, -1, -1),
      split: new Uint8Array(7),
      missing: new Uint8Array(7),
      threshold: new Float64Array(7).fill(1),
      yes: Int32Array.of(1, 3, 5, 0, 0, 0, 0),
      no: Int32Array.of(2, 4, 6, 0, 0, 0, 0),
      cover: Float64Array.of(8, 4, 4, 2, 2, 2, 2),
      values: Float64Array.of(0, 0, 0, 0, 1, 1, 5),
    };
    const ensemble = { ...randomEnsemble(1).ensemble, trees: [tree], divisor: 1 };
    const rows = { rows: 1, columns: FEATURES, values: Float64Array.of(2, 2, 0, 0, 0) };
    const found = treeShap(ensemble, rows).values[0]?.values ?? [];
    expect(found[0]).toBeCloseTo(found[1] as number, 14);
    expect(found[0]).toBeCloseTo((5 - 7 / 4) / 2, 14);
  });

  test("a node that no row came by changes nothing", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { ensemble, rows } = randomEnsemble(seed);
        const counted = countCovers(ensemble, rows);
        const { base, values } = treeShap(counted, rows);
        const scores = predictTrees(ensemble, rows).values;
        const sum = rowOf(values[0], 0).reduce((a, b) => a + b, base[0] as number);
        expect(sum).toBeCloseTo(scores[0] as number, 12);
        // Seen over the rows that were counted, the base is their mean score.
        const mean = scores.filter((_, at) => at % 2 === 0).reduce((a, b) => a + b, 0) / rows.rows;
        expect(base[0]).toBeCloseTo(mean, 12);
      }),
    );
  });
});

test("a tree of 80 levels on one feature loses nothing", () => {
  const levels = 80;
  const places = 2 * levels + 1;
  const chain = Array.from({ length: places }, (_, at) => at);
  const tree: Tree = {
    ...randomTree(createRandom(1), 0),
    width: 1,
    feature: Int32Array.from(chain, (at) => (at < levels ? at % 2 : -1)),
    split: new Uint8Array(places),
    missing: new Uint8Array(places),
    threshold: Float64Array.from(chain, (at) => levels - at),
    yes: Int32Array.from(chain, (at) => (at < levels ? at + 1 : 0)),
    no: Int32Array.from(chain, (at) => (at < levels ? at + 1 + levels : 0)),
    cover: Float64Array.from(chain, (at) => (at <= levels ? 2 * (levels - at) + 1 : 2)),
    values: Float64Array.from(chain, (at) => at),
  };
  // `yes` of the last node is its leaf; every `no` is a leaf of its own.
  tree.no.forEach((leaf, at) => {
    if (at < levels) tree.feature[leaf] = -1;
  });
  const ensemble = {
    ...randomEnsemble(1).ensemble,
    trees: [tree],
    divisor: 1,
    outputs: 1,
    offset: Float64Array.of(0),
  };
  const rows = { rows: 1, columns: FEATURES, values: Float64Array.of(17.5, 20.5, 0, 0, 0) };
  const wanted = shapleyOf(2, (coalition) => {
    const walk = (node: number): number => {
      const by = tree.feature[node] as number;
      if (by < 0) return tree.values[node] as number;
      const children = [tree.yes[node] as number, tree.no[node] as number] as const;
      if ((coalition >> by) & 1)
        return walk(children[goesYes(tree, node, rows.values[by] as number) ? 0 : 1]);
      const weight = (child: number) => (tree.cover?.[child] ?? 0) / (tree.cover?.[node] ?? 0);
      return children.reduce((sum, child) => sum + weight(child) * walk(child), 0);
    };
    return walk(0);
  });
  expectClose(treeShap(ensemble, rows).values[0]?.values.slice(0, 2), wanted, 9);
});
