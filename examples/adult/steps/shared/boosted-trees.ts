/** A column as trees split it: numbers by a threshold, codes of texts by a set. A code of -1 is a missing text. */
export interface Feature {
  readonly name: string;
  readonly values: Float64Array;
  /** Of texts: the text of each code. */
  readonly levels: readonly string[] | null;
}

/** Goes left when the value is at most the threshold, or its code is in the set. */
export interface Split {
  readonly feature: number;
  readonly threshold: number;
  readonly members: readonly number[] | null;
}

export type Tree =
  | { readonly rows: number; readonly value: number }
  | { readonly rows: number; readonly split: Split; readonly left: Tree; readonly right: Tree };

export interface Settings {
  readonly rounds: number;
  readonly rate: number;
  readonly depth: number;
  /** The fewest rows of a leaf. */
  readonly leaf: number;
}

const BINS = 32;
const RIDGE = 1;

interface Slopes {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

/**
 * Gradient boosting of the log loss by trees of histograms, with second-order steps (Chen and Guestrin 2016, XGBoost,
 * section 2). The sum of the trees' leaves is the log odds of label 1.
 */
export function boost(features: readonly Feature[], labels: readonly number[], settings: Settings): Tree[] {
  const bins = features.map(binsOf);
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const start = Math.log(share / (1 - share));
  const scores = new Float64Array(labels.length).fill(start);
  const everyone = Array.from(labels.keys());
  return Array.from({ length: settings.rounds }, (_, round) => {
    const chances = scores.map((score) => 1 / (1 + Math.exp(-score)));
    const slopes = {
      gradient: chances.map((chance, row) => chance - (labels[row] ?? 0)),
      curvature: chances.map((chance) => chance * (1 - chance)),
    };
    // The odds of everyone stand in the first tree, so that the trees alone are the model.
    const leaf = (value: number, rows: readonly number[]): Tree => {
      for (const row of rows) scores[row] = (scores[row] ?? 0) + value;
      return { rows: rows.length, value: value + (round === 0 ? start : 0) };
    };
    return grow(everyone, settings.depth, { bins, slopes, settings, leaf });
  });
}

interface Growing {
  readonly bins: readonly Binned[];
  readonly slopes: Slopes;
  readonly settings: Settings;
  readonly leaf: (value: number, rows: readonly number[]) => Tree;
}

function grow(rows: readonly number[], depth: number, growing: Growing): Tree {
  const { bins, slopes, settings, leaf } = growing;
  const total = sumOf(rows, slopes);
  const best = depth === 0 ? null : bestSplit(rows, total, growing);
  if (best === null) return leaf((-settings.rate * total.gradient) / (total.curvature + RIDGE), rows);
  const codes = bins[best.split.feature]?.codes ?? new Int16Array();
  const isLeft = (row: number) => best.left.has(codes[row] ?? -1);
  return {
    rows: rows.length,
    split: best.split,
    left: grow(rows.filter(isLeft), depth - 1, growing),
    right: grow(
      rows.filter((row) => !isLeft(row)),
      depth - 1,
      growing,
    ),
  };
}

interface Sum {
  readonly gradient: number;
  readonly curvature: number;
  readonly rows: number;
}

function sumOf(rows: readonly number[], { gradient, curvature }: Slopes): Sum {
  const sum = { gradient: 0, curvature: 0, rows: rows.length };
  for (const row of rows) {
    sum.gradient += gradient[row] ?? 0;
    sum.curvature += curvature[row] ?? 0;
  }
  return sum;
}

function bestSplit(rows: readonly number[], total: Sum, { bins, slopes, settings }: Growing) {
  let best: { readonly split: Split; readonly left: ReadonlySet<number> } | null = null;
  let most = 1e-6;
  for (const [feature, { codes, cuts, size }] of bins.entries()) {
    const sums = Array.from({ length: size }, () => ({ gradient: 0, curvature: 0, rows: 0 }));
    for (const row of rows) {
      const sum = sums[codes[row] ?? -1];
      if (sum === undefined) continue;
      sum.gradient += slopes.gradient[row] ?? 0;
      sum.curvature += slopes.curvature[row] ?? 0;
      sum.rows += 1;
    }
    const order = [...sums.keys()].filter((code) => cuts !== null || (sums[code]?.rows ?? 0) > 0);
    // Texts have no order but that of what they say of the label (Fisher 1958).
    if (cuts === null) order.sort((a, b) => slopeOf(sums[a]) - slopeOf(sums[b]));
    const left = { gradient: 0, curvature: 0, rows: 0 };
    for (const [at, code] of order.slice(0, -1).entries()) {
      left.gradient += sums[code]?.gradient ?? 0;
      left.curvature += sums[code]?.curvature ?? 0;
      left.rows += sums[code]?.rows ?? 0;
      const right = {
        gradient: total.gradient - left.gradient,
        curvature: total.curvature - left.curvature,
        rows: total.rows - left.rows,
      };
      if (left.rows < settings.leaf || right.rows < settings.leaf) continue;
      const gain = gainOf(left) + gainOf(right) - gainOf(total);
      if (gain <= most) continue;
      most = gain;
      const chosen = order.slice(0, at + 1);
      const members = cuts === null ? chosen.toSorted((a, b) => a - b) : null;
      best = { split: { feature, threshold: cuts?.[at] ?? 0, members }, left: new Set(chosen) };
    }
  }
  return best;
}

function gainOf({ gradient, curvature }: Sum): number {
  return gradient ** 2 / (curvature + RIDGE);
}

function slopeOf(sum: Sum | undefined): number {
  return (sum?.gradient ?? 0) / ((sum?.curvature ?? 0) + 10 * RIDGE);
}

interface Binned {
  /** The bin of each row, or the code of its text. */
  readonly codes: Int16Array;
  /** Of numbers: the largest value of each bin but the last. */
  readonly cuts: readonly number[] | null;
  readonly size: number;
}

function binsOf({ values, levels }: Feature): Binned {
  if (levels !== null) return { codes: Int16Array.from(values), cuts: null, size: levels.length };
  const sorted = values.toSorted();
  const picked = Array.from(
    { length: BINS - 1 },
    (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / BINS)],
  );
  const cuts = [...new Set(picked)].filter((cut) => cut !== undefined && cut !== sorted.at(-1)) as number[];
  const codes = Int16Array.from(values, (value) => cuts.filter((cut) => value > cut).length);
  return { codes, cuts, size: cuts.length + 1 };
}
