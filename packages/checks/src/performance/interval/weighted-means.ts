/** Means of some figures over rows, and how sampling makes them vary together. */
export interface WeightedMeans {
  readonly means: readonly number[];
  /** Of the means. */
  readonly covariance: readonly (readonly number[])[];
  readonly weight: number;
  /** How many rows of equal weight tell as much (Kish). */
  readonly effectiveRows: number;
}

/** Means gathered row by row in room that does not grow. */
export interface RunningMeans {
  add(figures: ArrayLike<number>, weight: number): void;
  finish(): WeightedMeans;
}

/** @param count of figures a row has */
export function createMeans(count: number): RunningMeans {
  const shift = new Float64Array(count);
  const first = new Float64Array(count);
  const second = new Float64Array(count);
  const products = new Float64Array(count * count);
  let started = false;
  let weight = 0;
  let squares = 0;

  function add(figures: ArrayLike<number>, own: number): void {
    if (own === 0) return;
    if (!started) for (let i = 0; i < count; i += 1) shift[i] = figures[i] as number;
    started = true;
    weight += own;
    squares += own * own;
    for (let i = 0; i < count; i += 1) {
      const x = (figures[i] as number) - (shift[i] as number);
      (first[i] as number) += own * x;
      (second[i] as number) += own * own * x;
      for (let j = 0; j <= i; j += 1) {
        (products[i * count + j] as number) +=
          own * own * x * ((figures[j] as number) - (shift[j] as number));
      }
    }
  }

  function finish(): WeightedMeans {
    const mean = Array.from(first, (sum) => sum / weight);
    const effectiveRows = weight ** 2 / squares;
    const unbiased = effectiveRows > 1 ? effectiveRows / (effectiveRows - 1) : Number.NaN;
    const covariance = mean.map((own, i) =>
      mean.map((other, j) => {
        const product = products[Math.max(i, j) * count + Math.min(i, j)] as number;
        const central =
          product - own * (second[j] as number) - other * (second[i] as number) + own * other * squares;
        return (central / weight ** 2) * unbiased;
      }),
    );
    return { means: mean.map((own, i) => own + (shift[i] as number)), covariance, weight, effectiveRows };
  }

  return { add, finish };
}
