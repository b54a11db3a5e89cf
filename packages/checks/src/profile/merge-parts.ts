import { type CategoryCounts, createCategories } from "./category-counts.ts";
import type { NumberSummary } from "./column-profile.ts";
import { type Histogram, sameCuts } from "./histogram.ts";
import { closeMoments, type Moments, mergeMoments, openMoments } from "./moments.ts";
import { unlike } from "./unlike-profiles.ts";

type Spread = Pick<NumberSummary, "count" | "min" | "max" | "moments">;

export function mergeRange(first: Spread, second: Spread): Pick<Spread, "count" | "min" | "max"> {
  return {
    count: first.count + second.count,
    min: leastOf(first.min, second.min),
    max: greatestOf(first.max, second.max),
  };
}

export function mergeMomentsOf(first: Spread, second: Spread): Moments {
  const moments = openMoments(first.count, first.moments);
  mergeMoments(moments, openMoments(second.count, second.moments));
  return closeMoments(moments, mergeRange(first, second));
}

/** Bins are added; where one side has no value, the bins are those of the other. */
export function mergeHistograms(first: Histogram, second: Histogram, name: string): Histogram {
  const { cuts } = first;
  if (sameCuts(cuts, second.cuts)) {
    return { cuts, counts: first.counts.map((count, bin) => count + (second.counts[bin] ?? 0)) };
  }
  if (total(second) === 0) return first;
  if (total(first) === 0) return second;
  throw unlike(
    `Column "${name}" was counted in other bins in each of the two profiles`,
    "profile the second part with `like` set to the profile of the first",
  );
}

function total({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The lesser capacity holds for both. */
export function mergeCategories(first: CategoryCounts, second: CategoryCounts): CategoryCounts {
  const merged = createCategories(Math.min(first.capacity, second.capacity));
  merged.addAll(first);
  merged.addAll(second);
  return merged.close();
}

export function leastOf(first: number | null, second: number | null): number | null {
  return first === null || second === null ? (first ?? second) : Math.min(first, second);
}

export function greatestOf(first: number | null, second: number | null): number | null {
  return first === null || second === null ? (first ?? second) : Math.max(first, second);
}
