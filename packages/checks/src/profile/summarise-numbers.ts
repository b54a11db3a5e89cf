import type { NumberSummary } from "./column-profile.ts";
import { createDistribution } from "./distribution.ts";
import { addSortedToBins, coarsen } from "./histogram.ts";
import { addToMoments, closeMoments, noMoments } from "./moments.ts";
import type { NumberSettings } from "./running-column.ts";

const BLOCK = 8_192;

/** The spread of numbers while it is gathered. */
export interface RunningNumbers {
  /** Adds the first `count` values: finite, and none of them -0. */
  add(values: Float64Array, count: number): void;
  close(): NumberSummary;
}

/** Gathers blocks of values: once a block is sorted, bins, distinct values and quantiles cost next to nothing. */
export function summariseNumbers({ cuts, bins, sort, random }: NumberSettings): RunningNumbers {
  const edges = Float64Array.from(cuts);
  const binned = new Float64Array(cuts.length + 1);
  const moments = noMoments();
  const distribution = createDistribution(random);
  let block = new Float64Array(64);
  let filled = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;

  function add(values: Float64Array, count: number): void {
    for (let from = 0; from < count; ) {
      const taken = Math.min(count - from, BLOCK - filled);
      if (filled + taken > block.length) {
        const larger = new Float64Array(Math.min(BLOCK, Math.max(2 * block.length, filled + taken)));
        larger.set(block);
        block = larger;
      }
      block.set(values.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      if (filled === BLOCK) flush();
    }
  }

  function flush(): void {
    if (filled === 0) return;
    addToMoments(moments, block, filled);
    const sorted = sort(block.subarray(0, filled));
    min = Math.min(min, sorted[0] as number);
    max = Math.max(max, sorted[filled - 1] as number);
    addSortedToBins(binned, edges, sorted);
    distribution.addSorted(sorted);
    filled = 0;
  }

  function close(): NumberSummary {
    flush();
    const { count } = moments;
    const histogram = { cuts: [...cuts], counts: Array.from(binned) };
    return {
      count,
      min: count === 0 ? null : min,
      max: count === 0 ? null : max,
      moments: closeMoments(moments, { min, max }),
      histogram: Number.isFinite(bins) ? coarsen(histogram, bins) : histogram,
      ...distribution.close(),
    };
  }

  return { add, close };
}
