import { needCounts, needDistance } from "../need-sample.ts";
import {
  type CountDistance,
  type Counts,
  hellinger,
  jensenShannon,
  kullbackLeibler,
  lInfinity,
  populationStability,
  totalVariation,
} from "./count-distances.ts";

const DISTANCES = {
  psi: populationStability,
  "kullback-leibler": kullbackLeibler,
  "jensen-shannon": jensenShannon,
  hellinger,
  "total-variation": totalVariation,
  "l-infinity": lInfinity,
} satisfies Record<string, CountDistance>;

/** Distances between two samples that are counted in the same bins or categories. */
export type CountDistanceName = keyof typeof DISTANCES;

/**
 * How far two samples, counted in the same bins or categories, lie apart.
 *
 * - `psi` (the population stability index) and `kullback-leibler` (of the second from the first, in nats): 0 and up;
 *   half a row is added to each bin.
 * - `jensen-shannon` (the root, in bits), `hellinger`, `total-variation` (the share of rows that would have to change)
 *   and `l-infinity` (the largest change of a bin's share): 0 to 1.
 *
 * None of them knows how many rows there are: small samples lie far apart by chance alone. Test before you judge.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for no rows, other lengths, or what is no count;
 * SCANFLOW_CHECK_OPTION_INVALID for an unknown name
 */
export function measureCounts(
  first: Counts,
  second: Counts,
  { distance }: { readonly distance: CountDistanceName },
): number {
  const measure = needDistance<CountDistanceName, CountDistance>(DISTANCES, distance);
  needCounts(first, second);
  return measure(first, second);
}
