import type { SliceTable } from "./slice-table.ts";

/** The rows at `indices`, in that order. */
export function takeTable({ features }: SliceTable, indices: Int32Array): SliceTable {
  return {
    rows: indices.length,
    features: features.map((feature) => ({
      ...feature,
      codes: Uint8Array.from(indices, (row) => feature.codes[row] as number),
    })),
  };
}
