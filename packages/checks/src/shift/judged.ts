import type { Detector } from "../detector/detector.ts";
import type { Side } from "./draw-side.ts";
import type { ShiftParams } from "./shift-params.ts";

/** What a verdict is made of beside what was found. */
export interface Judged {
  readonly params: ShiftParams;
  readonly detector: Detector | null;
  /** The detector was fitted to the other half of the reference. */
  readonly halved: boolean;
  /** Their batches hold the rows that were compared. */
  readonly reference: Side;
  readonly window: Side;
  /** Rows of the window that could not be measured. */
  readonly leftOut: number;
}
