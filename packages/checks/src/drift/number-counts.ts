import type { NumberSummary } from "../profile/column-profile.ts";
import { binOf, countInBins, sameCuts } from "../profile/histogram.ts";
import type { ValueCounts } from "../profile/value-counts.ts";
import type { CountedSides } from "./counted-sides.ts";

/** With fewer rows a value there is nothing to compare value by value, where values have no order (Cochran's rule for χ²). */
const ROWS_PER_VALUE = 5;

/**
 * Counts of a column of numbers on both sides: of each value where they are few, else in the reference's bins.
 *
 * @param ordered whether the test knows the order of the values
 * @param sample values of the window, where its profile has other bins and cannot be asked; null where there are none
 */
export function numberCounts(
  [a, b]: readonly [NumberSummary, NumberSummary],
  { ordered, sample }: { readonly ordered: boolean; readonly sample: (() => Float64Array) | null },
): CountedSides | null {
  const listed = a.values === null || b.values === null ? null : listedCounts(a.values, b.values);
  const values = listed?.reference.length ?? 0;
  if (listed !== null && (ordered || a.count + b.count >= ROWS_PER_VALUE * values)) return listed;
  const { cuts } = a.histogram;
  const reference = Float64Array.from(a.histogram.counts);
  if (sameCuts(cuts, b.histogram.cuts)) {
    return { kind: "counts", reference, current: Float64Array.from(b.histogram.counts), basis: "bins" };
  }
  if (b.values !== null) {
    const current = new Float64Array(cuts.length + 1);
    for (const [at, value] of b.values.values.entries()) {
      const bin = binOf(cuts, value);
      current[bin] = (current[bin] ?? 0) + (b.values.counts[at] ?? 0);
    }
    return { kind: "counts", reference, current, basis: "bins" };
  }
  if (sample === null) return null;
  const current = Float64Array.from(countInBins(sample(), cuts).counts);
  return { kind: "counts", reference, current, basis: "reservoir" };
}

function listedCounts(a: ValueCounts, b: ValueCounts): CountedSides {
  const values = [...new Set([...a.values, ...b.values])].sort((x, y) => x - y);
  const [reference, current] = [countsOf(values, a), countsOf(values, b)];
  return { kind: "counts", reference, current, basis: "all-values" };
}

function countsOf(values: readonly number[], known: ValueCounts): Float64Array {
  const places = new Map(known.values.map((value, place) => [value, place]));
  return Float64Array.from(values, (value) => known.counts[places.get(value) ?? -1] ?? 0);
}
