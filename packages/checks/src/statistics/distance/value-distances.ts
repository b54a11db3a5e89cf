/**
 * Two samples in one rising order: `values[i]` belongs to the first sample where `labels[i]` is 1. Relabelling at
 * random gives what chance would do.
 */
export interface LabelledValues {
  readonly values: Float64Array;
  readonly labels: Uint8Array;
  /** How many labels are 1; some, but not all. */
  readonly first: number;
}

/** A distance between two samples of a number. */
export type ValueDistance = (sample: LabelledValues) => number;

/** Joins two samples. */
export function labelValues(first: Float64Array, second: Float64Array): LabelledValues {
  const total = first.length + second.length;
  const a = first.slice().sort();
  const b = second.slice().sort();
  const values = new Float64Array(total);
  const labels = new Uint8Array(total);
  let i = 0;
  let j = 0;
  for (let place = 0; place < total; place += 1) {
    const isFirst = j >= b.length || (i < a.length && (a[i] as number) <= (b[j] as number));
    labels[place] = isFirst ? 1 : 0;
    values[place] = (isFirst ? a[i++] : b[j++]) as number;
  }
  return { values, labels, first: first.length };
}

/** ∫ |F − G|ᵖ over the values, between distinct ones. */
function integrate({ values, labels, first }: LabelledValues, of: (gap: number) => number): number {
  const second = values.length - first;
  let below = 0;
  let sum = 0;
  for (let place = 0; place + 1 < values.length; place += 1) {
    below += labels[place] as number;
    const width = (values[place + 1] as number) - (values[place] as number);
    if (width > 0) sum += width * of(below / first - (place + 1 - below) / second);
  }
  return sum;
}

/** Wasserstein-1 (earth mover's) distance: ∫ |F − G|, in the unit of the values. */
export function wasserstein(sample: LabelledValues): number {
  return integrate(sample, Math.abs);
}

/** Energy distance: √(2 ∫ (F − G)²), as SciPy has it (Székely and Rizzo 2013). */
export function energyDistance(sample: LabelledValues): number {
  return Math.sqrt(2 * integrate(sample, (gap) => gap * gap));
}

/** Runs over the distinct values: how many of each sample are at or below, and how many are tied there. */
function eachTie(
  { values, labels }: LabelledValues,
  visit: (tie: { readonly first: number; readonly seen: number; readonly tied: number }) => void,
): void {
  let first = 0;
  for (let start = 0; start < values.length; ) {
    let end = start;
    const value = values[start];
    while (end < values.length && values[end] === value) {
      first += labels[end] as number;
      end += 1;
    }
    visit({ first, seen: end, tied: end - start });
    start = end;
  }
}

/** Kolmogorov–Smirnov D, 0 to 1. */
export function ksDistance(sample: LabelledValues): number {
  const second = sample.values.length - sample.first;
  let largest = 0;
  eachTie(sample, ({ first, seen }) => {
    largest = Math.max(largest, Math.abs(first / sample.first - (seen - first) / second));
  });
  return largest;
}

/** Two-sample Cramér–von Mises T = n m / (n + m)² Σ (F − G)² over all values (Anderson 1962, as SciPy has it without ties). */
export function cramerVonMises(sample: LabelledValues): number {
  const total = sample.values.length;
  const second = total - sample.first;
  let sum = 0;
  eachTie(sample, ({ first, seen, tied }) => {
    sum += tied * (first / sample.first - (seen - first) / second) ** 2;
  });
  return (sum * sample.first * second) / total ** 2;
}

/**
 * Two-sample Anderson–Darling: like Cramér–von Mises with more weight in the tails. The statistic A²akN of Scholz and
 * Stephens (1987), with midranks where values are tied.
 */
export function andersonDarling(sample: LabelledValues): number {
  const total = sample.values.length;
  const sizes = [sample.first, total - sample.first] as const;
  const sums = [0, 0] as [number, number];
  let before = 0;
  let seenBefore = 0;
  eachTie(sample, ({ first, seen, tied }) => {
    const middle = seenBefore + tied / 2;
    const weight = middle * (total - middle) - (total * tied) / 4;
    const own = first - before;
    if (weight > 0) {
      const midFirst = before + own / 2;
      const midSecond = seenBefore - before + (tied - own) / 2;
      sums[0] += (tied / total) * ((total * midFirst - middle * sizes[0]) ** 2 / weight);
      sums[1] += (tied / total) * ((total * midSecond - middle * sizes[1]) ** 2 / weight);
    }
    before = first;
    seenBefore = seen;
  });
  return ((total - 1) / total) * (sums[0] / sizes[0] + sums[1] / sizes[1]);
}
