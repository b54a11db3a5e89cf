/** How many rows hold each distinct number; exact. */
export interface ValueCounts {
  /** In rising order. */
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** The distinct values of a sorted list with their counts; null when there are more than `most`. */
export function countSorted(sorted: Float64Array, most: number): ValueCounts | null {
  const values: number[] = [];
  const counts: number[] = [];
  for (let start = 0; start < sorted.length; ) {
    if (values.length === most) return null;
    const value = sorted[start] as number;
    const end = endOfRun(sorted, start);
    values.push(value);
    counts.push(end - start);
    start = end;
  }
  return { values, counts };
}

/** Where the values equal to that at `start` end: steps that double, then a search between the last two. */
function endOfRun(sorted: Float64Array, start: number): number {
  const value = sorted[start] as number;
  let step = 1;
  while (start + step < sorted.length && sorted[start + step] === value) step *= 2;
  let low = start + (step >>> 1) + 1;
  let high = Math.min(sorted.length, start + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] === value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The counts of both together; null when there are more than `most` distinct values. */
export function joinCounts(a: ValueCounts, b: ValueCounts, most: number): ValueCounts | null {
  const values: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.values.length || j < b.values.length) {
    if (values.length === most) return null;
    const value = Math.min(a.values[i] ?? Number.POSITIVE_INFINITY, b.values[j] ?? Number.POSITIVE_INFINITY);
    let count = 0;
    if (a.values[i] === value) count += a.counts[i++] as number;
    if (b.values[j] === value) count += b.counts[j++] as number;
    values.push(value);
    counts.push(count);
  }
  return { values, counts };
}
