/** Rows by bin or category of two samples; as long as each other, each with at least one row. */
export type Counts = ArrayLike<number>;

/** A distance between two distributions that are counted in the same bins or categories. */
export type CountDistance = (first: Counts, second: Counts) => number;

/** All rows. */
export function totalOf(counts: Counts): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin += 1) sum += counts[bin] as number;
  return sum;
}

/** Σ over the bins of what their shares p and q give, with so many rows added to every bin of both sides. */
function sumShares(
  [first, second]: readonly [Counts, Counts],
  of: (p: number, q: number) => number,
  added = 0,
): number {
  const n = totalOf(first) + added * first.length;
  const m = totalOf(second) + added * first.length;
  let sum = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    sum += of(((first[bin] as number) + added) / n, ((second[bin] as number) + added) / m);
  }
  return sum;
}

/**
 * Population stability index: Σ (p − q) ln(p / q), the symmetric Kullback–Leibler divergence; 0 and up. Bins that are
 * empty on one side would make it infinite, so half a row is added to every bin of both sides (Jeffreys' prior).
 */
export function populationStability(first: Counts, second: Counts): number {
  return Math.max(
    0,
    sumShares([first, second], (p, q) => (p - q) * Math.log(p / q), 0.5),
  );
}

/** Kullback–Leibler divergence of the second from the first, Σ q ln(q / p), in nats; half a row added to every bin. */
export function kullbackLeibler(first: Counts, second: Counts): number {
  return Math.max(
    0,
    sumShares([first, second], (p, q) => q * Math.log(q / p), 0.5),
  );
}

/** Jensen–Shannon distance: the root of the divergence in bits, 0 to 1 (Endres and Schindelin 2003). */
export function jensenShannon(first: Counts, second: Counts): number {
  const sum = sumShares([first, second], (p, q) => {
    const middle = (p + q) / 2;
    return (p > 0 ? p * Math.log2(p / middle) : 0) + (q > 0 ? q * Math.log2(q / middle) : 0);
  });
  return Math.sqrt(Math.min(1, Math.max(0, sum / 2)));
}

/** Hellinger distance: √(1 − Σ √(p q)), 0 to 1. */
export function hellinger(first: Counts, second: Counts): number {
  const scale = Math.sqrt(totalOf(first)) * Math.sqrt(totalOf(second));
  let overlap = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    overlap += Math.sqrt((first[bin] as number) * (second[bin] as number));
  }
  return Math.sqrt(Math.max(0, 1 - overlap / scale));
}

/** Total variation: ½ Σ |p − q|, 0 to 1: the share of rows that would have to change. */
export function totalVariation(first: Counts, second: Counts): number {
  return sumShares([first, second], (p, q) => Math.abs(p - q)) / 2;
}

/** The largest |p − q| of a bin, or where they are summed up of all bins to it. */
function largestGap([first, second]: readonly [Counts, Counts], summed: boolean): number {
  const n = totalOf(first);
  const m = totalOf(second);
  let gap = 0;
  let largest = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    const change = (first[bin] as number) / n - (second[bin] as number) / m;
    gap = summed ? gap + change : change;
    largest = Math.max(largest, Math.abs(gap));
  }
  return largest;
}

/** L∞: the largest |p − q| of any bin, 0 to 1. */
export function lInfinity(first: Counts, second: Counts): number {
  return largestGap([first, second], false);
}

/** Kolmogorov–Smirnov D over ordered bins: the largest distance of the cumulative shares, 0 to 1. */
export function binnedKs(first: Counts, second: Counts): number {
  return largestGap([first, second], true);
}

/** Cramér–von Mises over ordered bins: Σ (F − G)² weighted by the pooled shares, 0 to ⅓. */
export function binnedCramerVonMises(first: Counts, second: Counts): number {
  const n = totalOf(first);
  const m = totalOf(second);
  let gap = 0;
  let sum = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    gap += (first[bin] as number) / n - (second[bin] as number) / m;
    sum += (gap * gap * ((first[bin] as number) + (second[bin] as number))) / (n + m);
  }
  return sum;
}

/** Pearson's χ² of homogeneity; bins that are empty on both sides count nothing. */
export function chiSquare(first: Counts, second: Counts): number {
  const n = totalOf(first);
  const m = totalOf(second);
  let sum = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    const a = first[bin] as number;
    const b = second[bin] as number;
    if (a + b > 0) sum += (m * a - n * b) ** 2 / (a + b);
  }
  return sum / (n * m);
}

/** The likelihood ratio statistic G of homogeneity: 2 Σ observed ln(observed / expected). */
export function gStatistic(first: Counts, second: Counts): number {
  const n = totalOf(first);
  const m = totalOf(second);
  let sum = 0;
  for (let bin = 0; bin < first.length; bin += 1) {
    const a = first[bin] as number;
    const b = second[bin] as number;
    const pooled = (a + b) / (n + m);
    if (a > 0) sum += a * Math.log(a / (n * pooled));
    if (b > 0) sum += b * Math.log(b / (m * pooled));
  }
  return Math.max(0, 2 * sum);
}
