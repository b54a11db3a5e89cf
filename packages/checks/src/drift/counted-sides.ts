import type { DriftBasis } from "./drift-verdict.ts";

/** Both sides counted in the same bins or texts. */
export interface CountedSides {
  readonly kind: "counts";
  readonly reference: Float64Array;
  readonly current: Float64Array;
  readonly basis: DriftBasis;
}
