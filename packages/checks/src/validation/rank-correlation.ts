import type { ColumnBatch } from "../batch/column-batch.ts";
import { toMatrix } from "../batch/to-matrix.ts";

/** How two columns move together. */
export interface RankCorrelation {
  /** From -1 to 1; null below three pairs, or when one side is constant. */
  readonly correlation: number | null;
  /** Rows in which both have a finite value. */
  readonly rows: number;
}

interface Ranked {
  readonly values: Float64Array;
  /** Rows with a finite value, by rising values. */
  readonly order: Int32Array;
  readonly ranks: Float64Array;
}

/**
 * Spearman's rank correlation of any two columns of numbers of a table, ties at their mean rank. Each column is sorted
 * once, however many pairs it is in.
 */
export function rankCorrelations(batch: ColumnBatch): (first: string, second: string) => RankCorrelation {
  const known = new Map<string, Ranked>();

  function rankedColumn(name: string): Ranked {
    const ranked = known.get(name) ?? rankColumn(toMatrix(batch, [name]).values);
    known.set(name, ranked);
    return ranked;
  }

  return (first, second) => {
    const [a, b] = [rankedColumn(first), rankedColumn(second)];
    const complete = a.order.length === batch.rows && b.order.length === batch.rows;
    const rows = complete ? a.order : a.order.filter((row) => Number.isFinite(b.values[row]));
    if (rows.length < 3) return { correlation: null, rows: rows.length };
    if (complete) return { correlation: pearson(a.ranks, b.ranks, rows), rows: rows.length };
    const others = b.order.filter((row) => Number.isFinite(a.values[row]));
    const correlation = pearson(ranksOf(a.values, rows), ranksOf(b.values, others), rows);
    return { correlation, rows: rows.length };
  };
}

/**
 * The standard error of Fisher's z of a rank correlation (Bonett and Wright 2000, Psychometrika 65).
 *
 * @param rows more than 3
 */
export function correlationError(correlation: number, rows: number): number {
  return Math.sqrt((1 + correlation ** 2 / 2) / (rows - 3));
}

/** Fisher's z, of a correlation near 1 a great number. */
export function fisherZ(correlation: number): number {
  return Math.atanh(Math.max(-0.999999, Math.min(0.999999, correlation)));
}

/** Sorts what is finite, and ranks it from 0; the rank of what is not is NaN. */
export function rankColumn(values: Float64Array): Ranked {
  const finite = Int32Array.from(values.keys()).filter((row) => Number.isFinite(values[row]));
  const order = finite.sort((a, b) => (values[a] as number) - (values[b] as number));
  return { values, order, ranks: ranksOf(values, order) };
}

/** @param order the rows to rank, by rising values */
function ranksOf(values: Float64Array, order: Int32Array): Float64Array {
  const ranked = new Float64Array(values.length).fill(Number.NaN);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end += 1;
    for (let at = start; at < end; at += 1) ranked[order[at] as number] = (start + end - 1) / 2;
    start = end;
  }
  return ranked;
}

/** Of ranks from 0 on, whose mean is known. */
function pearson(x: Float64Array, y: Float64Array, rows: Int32Array): number | null {
  const mean = (rows.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (const row of rows) {
    const dx = (x[row] as number) - mean;
    const dy = (y[row] as number) - mean;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}
