import type { Urn } from "./hypergeometric.ts";

/** What a number of marked ones among those drawn from an urn stands for. */
interface Tails {
  /** The chance of as many or more. */
  readonly upper: number;
  /** The chance of all numbers that are no likelier than this one. */
  readonly noLikelier: number;
}

/** Equal chances that were summed in another order differ in the last digits. */
const TIE = 1 + 1e-10;

/**
 * Tails of the hypergeometric distribution, by ratios of neighbours from its mode outwards, as far as they are not 0 beside it.
 *
 * @param hits a possible number
 */
export function hypergeometricTails({ marked, others, drawn }: Urn, hits: number): Tails {
  const least = Math.max(0, drawn - others);
  const most = Math.min(marked, drawn);
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + others + 2));
  // How much likelier one more is.
  const ratio = (k: number) => ((marked - k) / (k + 1)) * ((drawn - k) / (others - drawn + k + 1));
  const above = (k: number, weight: number) => weight * ratio(k);
  const below = (k: number, weight: number) => weight / ratio(k - 1);

  let own = 1;
  for (let k = mode; k < hits && own > 0; k += 1) own = above(k, own);
  for (let k = mode; k > hits && own > 0; k -= 1) own = below(k, own);
  let [all, upper, noLikelier] = [0, 0, 0];
  const add = (k: number, weight: number) => {
    all += weight;
    if (k >= hits) upper += weight;
    if (weight <= own * TIE) noLikelier += weight;
  };
  let weight = 1;
  for (let k = mode; k <= most && weight > 0; k += 1) {
    add(k, weight);
    weight = above(k, weight);
  }
  weight = mode > least ? below(mode, 1) : 0;
  for (let k = mode - 1; k >= least && weight > 0; k -= 1) {
    add(k, weight);
    if (k > least) weight = below(k, weight);
  }
  return { upper: upper / all, noLikelier: noLikelier / all };
}
