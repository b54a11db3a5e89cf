/**
 * A column's reference values in order, and rows written as their places among them: a window's distance to the
 * reference then takes a sort of the window alone.
 */
export interface RankedValues {
  /** The place of a value: how many reference values are below it, plus how many are not above it. */
  keyOf(value: number): number;
  /** Kolmogorov and Smirnov's D between rows given by their keys (sorted in place) and the reference. */
  distance(keys: Int32Array): number;
}

/** @param values none is NaN */
export function rankValues(values: Float64Array): RankedValues {
  const sorted = values.slice().sort();
  const { length } = sorted;
  const below = new Int32Array(2 * length + 1);
  const notAbove = new Int32Array(2 * length + 1);

  function keyOf(value: number): number {
    const low = countBelow(sorted, value);
    const high = countNotAbove(sorted, value);
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

/** How many of some rising numbers are below a value. */
export function countBelow(sorted: Float64Array, value: number): number {
  return firstPlace(sorted.length, (place) => (sorted[place] as number) >= value);
}

/** How many of some rising numbers are not above a value. */
export function countNotAbove(sorted: Float64Array, value: number): number {
  return firstPlace(sorted.length, (place) => (sorted[place] as number) > value);
}

/** The first place from which on something holds; `length` when it holds nowhere. */
function firstPlace(length: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
