/**
 * A column's reference values in order, and rows written as their places among them: a window's distance to the
 * reference then takes a sort of the window alone.
 */
export interface RankedColumn {
  /** The place of a value: how many reference values are below it, plus how many are not above it. */
  keyOf(value: number): number;
  /** Kolmogorov and Smirnov's D between rows given by their keys (sorted in place) and the reference. */
  distance(keys: Int32Array): number;
}

export function rankColumn(values: Float64Array): RankedColumn {
  const sorted = values.slice().sort();
  const { length } = sorted;
  const below = new Int32Array(2 * length + 1);
  const notAbove = new Int32Array(2 * length + 1);

  function count(holds: (other: number) => boolean): number {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(sorted[middle] as number)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function keyOf(value: number): number {
    const low = count((other) => other < value);
    const high = count((other) => other <= value);
    below[low + high] = low;
    notAbove[low + high] = high;
    return low + high;
  }

  function distance(keys: Int32Array): number {
    keys.sort();
    let greatest = 0;
    for (let start = 0; start < keys.length; ) {
      const key = keys[start] as number;
      let end = start + 1;
      while (keys[end] === key) end += 1;
      const before = Math.abs(start / keys.length - (below[key] as number) / length);
      const after = Math.abs(end / keys.length - (notAbove[key] as number) / length);
      greatest = Math.max(greatest, before, after);
      start = end;
    }
    return greatest;
  }

  return { keyOf, distance };
}
