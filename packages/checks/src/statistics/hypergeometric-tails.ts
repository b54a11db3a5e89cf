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

/** Tails of the hypergeometric distribution, by ratios of neighbours from its mode outwards. @param hits a possible number */
export function hypergeometricTails({ marked, others, drawn }: Urn, hits: number): Tails {
  const least = Math.max(0, drawn - others);
  const most = Math.min(marked, drawn);
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + others + 2));
  // How much likelier one more is.
  const ratio = (k: number) => ((marked - k) / (k + 1)) * ((drawn - k) / (others - drawn + k + 1));
  const weights = new Float64Array(most - least + 1);
  weights[mode - least] = 1;
  for (let k = mode; k < most; k += 1) weights[k + 1 - least] = (weights[k - least] as number) * ratio(k);
  for (let k = mode - 1; k >= least; k -= 1)
    weights[k - least] = (weights[k + 1 - least] as number) / ratio(k);
  const own = (weights[hits - least] as number) * TIE;
  let [all, upper, noLikelier] = [0, 0, 0];
  for (let k = most; k >= least; k -= 1) {
    const weight = weights[k - least] as number;
    all += weight;
    if (k >= hits) upper += weight;
    if (weight <= own) noLikelier += weight;
  }
  return { upper: upper / all, noLikelier: noLikelier / all };
}
