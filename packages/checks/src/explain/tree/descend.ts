import { MISSING, SPLIT, type Tree } from "./tree-ensemble.ts";

/** LightGBM's kZeroThreshold (meta.h): what counts as 0. */
const ZERO = 1e-35;

/** Whether a value goes to the node's `yes`. */
export function goesYes(tree: Tree, node: number, given: number): boolean {
  const missing = tree.missing[node] as number;
  let value = given;
  if (missing !== 0) {
    if ((missing & MISSING.NAN_IS_ZERO) !== 0 && Number.isNaN(value)) value = 0;
    if (
      ((missing & MISSING.NAN_IS_MISSING) !== 0 && Number.isNaN(value)) ||
      ((missing & MISSING.ZERO_IS_MISSING) !== 0 && value >= -ZERO && value <= ZERO)
    ) {
      return (missing & MISSING.GOES_YES) !== 0;
    }
  }
  const threshold = tree.threshold[node] as number;
  const split = tree.split[node] as number;
  if (split === SPLIT.LESS_OR_EQUAL) return value <= threshold;
  return goesByOtherSplit(tree, { split, value, threshold });
}

function goesByOtherSplit(
  { categories }: Tree,
  { split, value, threshold }: { readonly split: number; readonly value: number; readonly threshold: number },
): boolean {
  switch (split) {
    case SPLIT.LESS:
      return value < threshold;
    case SPLIT.GREATER_OR_EQUAL:
      return value >= threshold;
    case SPLIT.GREATER:
      return value > threshold;
    case SPLIT.EQUAL:
      return value === threshold;
    case SPLIT.NOT_EQUAL:
      return value !== threshold;
    case SPLIT.MEMBER:
      return categories[threshold]?.has(Math.trunc(value)) ?? false;
    default:
      return categories[threshold]?.has(value) ?? false;
  }
}

/** The leaf that a row of `values`, which begins at `start`, comes to. */
export function leafOf(tree: Tree, values: Float64Array, start: number): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node] as number;
    if (feature < 0) return node;
    node = (
      goesYes(tree, node, values[start + feature] as number) ? tree.yes[node] : tree.no[node]
    ) as number;
  }
}
