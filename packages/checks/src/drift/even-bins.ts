import { addSortedToBins, fairCuts } from "../profile/histogram.ts";
import type { CountDistance } from "../statistics/distance/count-distances.ts";
import type { ValueDistance } from "../statistics/distance/value-distances.ts";

/**
 * A distance of counts as one of values: in bins that the first sample fills evenly, as those of a reference are. Where
 * few rows fill a bin, chance must choose the bins with the rows: counts in bins that stand are too even.
 *
 * @param bins at most
 */
export function inEvenBins(distance: CountDistance, bins: number): ValueDistance {
  return ({ values, labels, first }) => {
    const own = new Float64Array(first);
    let seen = 0;
    for (let place = 0; place < values.length; place += 1) {
      if (labels[place] !== 1) continue;
      own[seen] = values[place] as number;
      seen += 1;
    }
    const cuts = Float64Array.from(fairCuts(own, bins));
    const [before, now] = [new Float64Array(cuts.length + 1), new Float64Array(cuts.length + 1)];
    addSortedToBins(before, cuts, own);
    addSortedToBins(now, cuts, values);
    for (let bin = 0; bin < now.length; bin += 1) (now[bin] as number) -= before[bin] as number;
    return distance(before, now);
  };
}
