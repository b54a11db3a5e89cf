import { normalBelow } from "../../maths/normal.ts";
import { binomialTail } from "../share-limit.ts";
import type { NearestRows } from "./nearest-rows.ts";

/** The share of a table's own rows that pass for far. */
const FAR = 0.02;

/** Rows measured by how far they lie from those of another table. */
export interface FarRows {
  /** Of each row: its distance as a multiple of the one that few of the other's own rows exceed; above 1 it is far. */
  readonly ratios: readonly number[];
  /** The share of far rows that there is when both are of one source. */
  readonly quiet: number;
  /** One-sided. */
  readonly pValue: number;
}

/**
 * How many rows lie farther from another table than 98 % of that table's own rows do?
 *
 * @param found the rows' nearest ones in the other table
 * @param own the nearest ones of the other's rows among themselves, each left out in turn
 */
export function farRows(found: NearestRows, own: NearestRows): FarRows {
  const sorted = [...own.distances].sort((a, b) => a - b);
  const bound = sorted[Math.floor((1 - FAR) * sorted.length)] ?? 0;
  const ratios = [...found.distances].map((distance) => distance / Math.max(bound, 1e-12));
  const far = ratios.filter((ratio) => ratio > 1).length;
  return { ratios, quiet: FAR, pValue: farPValue(far, ratios.length, own.distances.length) };
}

/** One-sided: whether the first share is larger than chance explains. */
export function compareShares(
  first: number,
  rows: number,
  { other, of }: { readonly other: number; readonly of: number },
): number {
  if (rows === 0 || of === 0) return 1;
  const pooled = (first + other + 1) / (rows + of + 2);
  const z = (first / rows - other / of) / Math.sqrt(pooled * (1 - pooled) * (1 / rows + 1 / of));
  return normalBelow(-z);
}

/** Shares beyond a quantile that was itself estimated: as compared with one of `others` rows. */
function farPValue(far: number, rows: number, others: number): number {
  const normal = compareShares(far, rows, { other: Math.round(FAR * others), of: others });
  return Math.max(normal, binomialTail(far, rows, FAR));
}
