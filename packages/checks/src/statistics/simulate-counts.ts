import type { Random } from "../random/random.ts";
import { drawHypergeometric } from "./hypergeometric.ts";

/**
 * Draws one random part of counted rows, without putting back: how a sample of `size` rows would spread over the
 * bins if it were any part of the pooled rows. One multivariate hypergeometric draw, at a cost per bin, not per row.
 *
 * @param pooled rows by bin, of both samples together
 * @param size rows of the part, at most all
 * @param into where the part's counts go; as long as `pooled`
 */
export function simulateCounts(
  pooled: ArrayLike<number>,
  { size, random, into }: { readonly size: number; readonly random: Random; readonly into: Float64Array },
): void {
  let left = 0;
  for (let bin = 0; bin < pooled.length; bin += 1) left += pooled[bin] as number;
  let wanted = size;
  for (let bin = 0; bin < pooled.length; bin += 1) {
    const marked = pooled[bin] as number;
    const hits = drawHypergeometric({ marked, others: left - marked, drawn: wanted }, random);
    into[bin] = hits;
    left -= marked;
    wanted -= hits;
  }
}
