/** Some numbers in rising order, to be held against. */
export function sorted(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The share of drawn numbers that are at least as large as a value, the value itself among them: never 0. */
export function tail(drawn: Float64Array, value: number): number {
  let [low, high] = [0, drawn.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    // Equal but for rounding counts as equal.
    if ((drawn[middle] as number) < value - 1e-12 * Math.abs(value)) low = middle + 1;
    else high = middle;
  }
  return (1 + drawn.length - low) / (1 + drawn.length);
}

/** Of p values that may depend on each other (Wilson, PNAS 2019); it has to be calibrated. */
export function harmonicMean(pValues: readonly number[]): number {
  return pValues.length / pValues.reduce((sum, pValue) => sum + 1 / pValue, 0);
}
