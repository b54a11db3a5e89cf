import type { SliceCondition } from "./slice-condition.ts";

/** One column, cut into the few parts that slices are made of. */
export interface SliceFeature {
  readonly column: string;
  /** By code: what its rows have in common. */
  readonly parts: readonly SliceCondition[];
  /** Whether the codes rise with the value; a code for missing values, if any, comes last. */
  readonly ordered: boolean;
  /** By row. */
  readonly codes: Uint8Array;
}

/** Rows as slices see them: a byte per row and column. */
export interface SliceTable {
  readonly rows: number;
  readonly features: readonly SliceFeature[];
}
