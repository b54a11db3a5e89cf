import type { ColumnProfile } from "../profile/column-profile.ts";
import { distinctCount } from "../profile/profile-parts.ts";

/** Distinct values are only a sign of a key when there are enough of them. */
export const FEWEST_KEYS = 100;

/** Texts and whole numbers without a missing one that nearly all differ; of other numbers that means nothing. */
export function mayBeKey(column: ColumnProfile, rows: number): boolean {
  if (column.kind !== "text" && !(column.kind === "number" && column.whole === column.count)) return false;
  const distinct = distinctCount(column);
  return column.count === rows && distinct !== null && distinct.count >= rows * (1 - 4 * distinct.error);
}
