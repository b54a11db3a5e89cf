import { broken, type LightgbmBlock, numbersField, wholeField } from "./lightgbm-block.ts";
import { MISSING, SPLIT, type Tree } from "./tree-ensemble.ts";

/** Bits of `decision_type` (LightGBM, tree.h). */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;

/** A node i is at place i; leaf i, which the file writes as ~i, at the place behind all nodes. */
export function readLightgbmTree(
  block: LightgbmBlock,
  { features, output }: { readonly features: number; readonly output: number },
): Tree {
  const { place, fields } = block;
  if (fields.get("is_linear") === "1") {
    throw broken(place, "has linear leaves, which have no Shapley values here", "Train without linear_tree.");
  }
  const leaves = wholeField(block, "num_leaves");
  if (leaves < 1) throw broken(place, "has no leaf");
  const nodes = leaves - 1;
  const list = (name: string, length: number) => numbersField(block, name, length);
  const split = list("split_feature", nodes);
  const decisions = list("decision_type", nodes);
  const thresholds = list("threshold", nodes);
  const children = (name: string) =>
    list(name, nodes).map((child, node) => {
      const at = child < 0 ? nodes + ~child : child;
      if (at > node && at < nodes + leaves) return at;
      throw broken(place, `has the child ${child} at node ${node}`);
    });
  const leafValues = list("leaf_value", leaves);
  const wrong = split.findIndex(
    (feature) => !Number.isInteger(feature) || feature < 0 || feature >= features,
  );
  if (wrong >= 0) throw broken(place, `splits by the feature ${split[wrong]} of ${features}`);
  const places = nodes + leaves;
  const grow = (values: readonly number[], rest = 0) => [
    ...values,
    ...Array(places - values.length).fill(rest),
  ];
  return {
    output,
    width: 1,
    feature: Int32Array.from(grow(split, -1)),
    split: Uint8Array.from(
      grow(decisions.map((bits) => (bits & CATEGORICAL ? SPLIT.MEMBER : SPLIT.LESS_OR_EQUAL))),
    ),
    missing: Uint8Array.from(grow(decisions.map(missingOf))),
    threshold: Float64Array.from(grow(thresholds)),
    yes: Int32Array.from(grow(children("left_child"))),
    no: Int32Array.from(grow(children("right_child"))),
    cover: coverOf(block, nodes, leaves),
    values: Float64Array.from([...Array(nodes).fill(0), ...leafValues]),
    categories: categoriesOf(block),
  };
}

/** A category that is missing is in no set, so it goes right without a rule of its own. */
function missingOf(bits: number): number {
  if ((bits & CATEGORICAL) !== 0) return 0;
  const goes = (bits & DEFAULT_LEFT) !== 0 ? MISSING.GOES_YES : 0;
  const kind = (bits >> 2) & 3;
  if (kind === 2) return MISSING.NAN_IS_MISSING | goes;
  return MISSING.NAN_IS_ZERO | (kind === 1 ? MISSING.ZERO_IS_MISSING | goes : 0);
}

function coverOf(block: LightgbmBlock, nodes: number, leaves: number): Float64Array | null {
  if (!block.fields.get("leaf_count")?.trim()) return nodes === 0 ? Float64Array.of(1) : null;
  const counts = [
    ...numbersField(block, "internal_count", nodes),
    ...numbersField(block, "leaf_count", leaves),
  ];
  return Float64Array.from(counts);
}

function categoriesOf(block: LightgbmBlock): ReadonlySet<number>[] {
  const count = wholeField(block, "num_cat");
  if (count === 0) return [];
  const bounds = numbersField(block, "cat_boundaries", count + 1);
  const words = numbersField(block, "cat_threshold", bounds.at(-1) ?? 0);
  return Array.from({ length: count }, (_, at) => {
    const own = words.slice(bounds[at], bounds[at + 1]);
    return new Set(own.flatMap((word, place) => bitsOf(word).map((bit) => place * 32 + bit)));
  });
}

function bitsOf(word: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((word >>> bit) & 1) === 1);
}
