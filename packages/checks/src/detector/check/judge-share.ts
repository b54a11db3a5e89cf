import { exceedanceChance } from "./beta-binomial.ts";
import type { DetectorParams } from "./detector-params.ts";

interface Usual {
  /** Rows of the reference that the limit was set by. */
  readonly heldOut: number;
  /** Share of rows beyond it in the reference, 0 to 1. */
  readonly expected: number;
}

/** Whether more rows of a window are unusual than chance explains, and so many more that it matters. */
export function judgeShare(
  { count, rows }: { readonly count: number; readonly rows: number },
  { heldOut, expected }: Usual,
  { significance, minimumEffect }: Pick<DetectorParams, "significance" | "minimumEffect">,
) {
  const above = Math.round(expected * (heldOut + 1));
  const pValue = exceedanceChance(count, { rows, heldOut, above });
  const share = count / rows;
  const isLarge = share - expected >= minimumEffect;
  const status = pValue > significance ? "ok" : isLarge ? "alarm" : "warning";
  return { share, pValue, status } as const;
}
