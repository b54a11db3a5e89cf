import { joinParts } from "../table/join-parts.ts";
import { describeSlice, type SliceCondition } from "../table/slice-condition.ts";
import type { SliceFeature, SliceTable } from "../table/slice-table.ts";
import { checkLosses } from "./check-losses.ts";

/** Rows that a tree holds together, since their losses are alike. */
export interface ErrorLeaf {
  readonly conditions: readonly SliceCondition[];
  readonly text: string;
  readonly rows: number;
  /** Mean loss. */
  readonly loss: number;
}

/** Settings of `growErrorTree`. */
export interface ErrorTreeOptions {
  /** Most splits one below the other; default 3. */
  readonly depth?: number;
  /** Fewest rows of a leaf; default the greater of 32 and a hundredth of the rows. */
  readonly minimumSupport?: number;
}

interface Split {
  readonly feature: SliceFeature;
  /** Codes of the rows that go left. */
  readonly left: ReadonlySet<number>;
  readonly gain: number;
}

/**
 * Divides rows so that losses are alike within parts: a small regression tree (CART; the values of a column without an
 * order are ordered by their mean loss, Breiman et al. 1984). Unlike slices its leaves do not overlap and cover all
 * rows. Their losses are those of the rows it was grown on, which flatters the extremes.
 *
 * @returns the leaves, the greatest loss first
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID for losses that are none
 */
export function growErrorTree(
  table: SliceTable,
  losses: Float64Array,
  { depth = 3, minimumSupport = Math.max(32, Math.ceil(table.rows / 100)) }: ErrorTreeOptions = {},
): ErrorLeaf[] {
  checkLosses(table, losses);
  const leaves: ErrorLeaf[] = [];

  function grow(rows: Int32Array, kept: ReadonlyMap<SliceFeature, ReadonlySet<number>>, left: number): void {
    const split = left === 0 ? null : bestSplit(table, { rows, losses, minimumSupport });
    if (split === null) {
      const conditions = Array.from(kept, ([{ parts }, codes]) => joinParts(parts, codes));
      const total = rows.reduce((sum, row) => sum + (losses[row] as number), 0);
      leaves.push({
        conditions,
        text: describeSlice(conditions),
        rows: rows.length,
        loss: total / rows.length,
      });
      return;
    }
    const { feature, left: codes } = split;
    const before = kept.get(feature) ?? new Set(feature.parts.keys());
    const side = (inside: boolean) => new Set([...before].filter((code) => codes.has(code) === inside));
    const rowsOf = (inside: boolean) =>
      rows.filter((row) => codes.has(feature.codes[row] as number) === inside);
    for (const inside of [true, false])
      grow(rowsOf(inside), new Map([...kept, [feature, side(inside)]]), left - 1);
  }

  grow(
    Int32Array.from({ length: table.rows }, (_, row) => row),
    new Map(),
    depth,
  );
  return leaves.sort((a, b) => b.loss - a.loss);
}

interface Node {
  readonly rows: Int32Array;
  readonly losses: Float64Array;
  readonly minimumSupport: number;
}

function bestSplit({ features }: SliceTable, node: Node): Split | null {
  let best: Split | null = null;
  for (const feature of features) {
    const split = splitBy(feature, node);
    if (split !== null && split.gain > Math.max(1e-9, best?.gain ?? 0)) best = split;
  }
  return best;
}

/** The cut that takes most from the sum of squares. */
function splitBy(feature: SliceFeature, { rows, losses, minimumSupport }: Node): Split | null {
  const counts = new Float64Array(feature.parts.length);
  const sums = new Float64Array(feature.parts.length);
  for (const row of rows) {
    const code = feature.codes[row] as number;
    (counts[code] as number) += 1;
    (sums[code] as number) += losses[row] as number;
  }
  const codes = Array.from(counts.keys()).filter((code) => (counts[code] as number) > 0);
  const mean = (code: number) => (sums[code] as number) / (counts[code] as number);
  if (!feature.ordered) codes.sort((a, b) => mean(a) - mean(b));
  const total = codes.reduce((sum, code) => sum + (sums[code] as number), 0);
  let [count, sum] = [0, 0];
  let best: Split | null = null;
  for (const [at, code] of codes.slice(0, -1).entries()) {
    count += counts[code] as number;
    sum += sums[code] as number;
    const right = rows.length - count;
    if (count < minimumSupport || right < minimumSupport) continue;
    const gain = sum ** 2 / count + (total - sum) ** 2 / right - total ** 2 / rows.length;
    if (gain > (best?.gain ?? 0)) best = { feature, left: new Set(codes.slice(0, at + 1)), gain };
  }
  return best;
}
