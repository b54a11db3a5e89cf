import type { Target } from "./target.ts";

/** Rows are dealt to so many parts; each is predicted from the others. */
export const FOLDS = 5;

/** Rows in an order, each with those it is predicted from: from `from` up to `to`, places in the order that never fall. */
export interface Neighbourhood {
  readonly order: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** What the rows of a neighbourhood have for a label, but for those of one part. */
interface Tally {
  add(row: number): void;
  remove(row: number): void;
  /** Of the answer that the other parts' rows give. */
  loss(row: number): number;
}

/**
 * The loss of each row when it is predicted from its neighbours in the other parts: of classes 0 or 1, by the one that
 * has the greatest share of its rows there; of values the squared error, by their mean.
 *
 * @returns by row; 0 for rows that are not in the order
 */
export function heldOutLosses({ order, from, to }: Neighbourhood, target: Target): Float64Array {
  const tally = target.kind === "classes" ? classTally(target) : valueTally(target.values);
  const losses = new Float64Array(target.values.length);
  let [first, end] = [0, 0];
  for (let at = 0; at < order.length; at += 1) {
    const [low, high] = [from[at] as number, to[at] as number];
    while (end < high) tally.add(order[end++] as number);
    while (first < low) tally.remove(order[first++] as number);
    const row = order[at] as number;
    losses[row] = tally.loss(row);
  }
  return losses;
}

function classTally({ counts, values }: Extract<Target, { kind: "classes" }>): Tally {
  const classes = counts.length;
  const all = new Int32Array(classes);
  const parts = new Int32Array(FOLDS * classes);
  function change(row: number, by: number): void {
    const own = values[row] as number;
    const place = (row % FOLDS) * classes + own;
    all[own] = (all[own] as number) + by;
    parts[place] = (parts[place] as number) + by;
  }
  return {
    add: (row) => change(row, 1),
    remove: (row) => change(row, -1),
    loss: (row) => {
      const part = (row % FOLDS) * classes;
      let [best, most] = [-1, 0];
      for (let own = 0; own < classes; own += 1) {
        const count = (all[own] as number) - (parts[part + own] as number);
        const share = count === 0 ? 0 : count / (counts[own] as number);
        if (share > most) [best, most] = [own, share];
      }
      return Number(best !== values[row]);
    },
  };
}

function valueTally(values: Float64Array): Tally {
  const sums = new Float64Array(FOLDS + 1);
  const counts = new Float64Array(FOLDS + 1);
  function change(row: number, by: number): void {
    for (const place of [row % FOLDS, FOLDS]) {
      sums[place] = (sums[place] as number) + by * (values[row] as number);
      counts[place] = (counts[place] as number) + by;
    }
  }
  return {
    add: (row) => change(row, 1),
    remove: (row) => change(row, -1),
    loss: (row) => {
      const part = row % FOLDS;
      const count = (counts[FOLDS] as number) - (counts[part] as number);
      const sum = (sums[FOLDS] as number) - (sums[part] as number);
      return ((values[row] as number) - (count > 0 ? sum / count : 0)) ** 2;
    },
  };
}
