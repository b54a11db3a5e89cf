/** The mean and the sums of powers of the distances from it; null when they are not finite, as of values near 1e308. */
export interface Moments {
  /** 0 when there is no value. */
  readonly mean: number | null;
  /** Σ (x - mean)², and the third and the fourth power. */
  readonly m2: number | null;
  readonly m3: number | null;
  readonly m4: number | null;
}

/** What `describeMoments` makes of moments; null where there are too few values, or all are equal. */
export interface Shape {
  readonly mean: number | null;
  /** Sample standard deviation (divisor n - 1); null below two values. */
  readonly sd: number | null;
  /** Fisher's g1: 0 for symmetric data. */
  readonly skewness: number | null;
  /** Fisher's g2, the excess over a normal distribution's 3. */
  readonly kurtosis: number | null;
}

/**
 * Mean, standard deviation, skewness and excess kurtosis from a column's moments, as `scipy.stats.skew` and
 * `kurtosis` define them (biased).
 */
export function describeMoments({
  count,
  moments,
}: {
  readonly count: number;
  readonly moments: Moments;
}): Shape {
  const { mean, m2, m3, m4 } = moments;
  const spread = m2 !== null && m2 > 0 ? m2 / count : null;
  return {
    mean: count > 0 ? mean : null,
    sd: count > 1 && m2 !== null ? Math.sqrt(m2 / (count - 1)) : null,
    skewness: spread === null || m3 === null ? null : finite(m3 / count / spread / Math.sqrt(spread)),
    kurtosis: spread === null || m4 === null ? null : finite(m4 / count / spread / spread - 3),
  };
}

/** Moments while they are gathered; may hold infinities and NaN. */
export interface RunningMoments {
  count: number;
  mean: number;
  m2: number;
  m3: number;
  m4: number;
}

export function noMoments(): RunningMoments {
  return { count: 0, mean: 0, m2: 0, m3: 0, m4: 0 };
}

/** Adds the first `count` values, all finite. */
export function addToMoments(into: RunningMoments, values: Float64Array, count: number): void {
  if (count === 0) return;
  const own = momentsOf(values, count);
  mergeMoments(into, Number.isFinite(own.mean) ? own : momentsOfHuge(values.subarray(0, count)));
}

/**
 * Two passes: the mean, then the powers of the distances from it, with the mean's rounding taken out (Chan, Golub and
 * LeVeque 1983, The American Statistician 37, eq. 1.7).
 */
function momentsOf(values: Float64Array, count: number): RunningMoments {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += values[at] as number;
  const mean = sum / count;
  let rest = 0;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let at = 0; at < count; at += 1) {
    const delta = (values[at] as number) - mean;
    const square = delta * delta;
    rest += delta;
    m2 += square;
    m3 += square * delta;
    m4 += square * square;
  }
  const slip = rest / count;
  return {
    count,
    mean: mean + slip,
    m2: Math.max(0, m2 - slip * rest),
    m3: m3 - 3 * slip * m2 + 2 * slip * slip * rest,
    m4: Math.max(0, m4 - 4 * slip * m3 + 6 * slip * slip * m2 - 3 * slip * slip * slip * rest),
  };
}

/** Of values whose sum is beyond the largest number: those of the values divided by 2^520, and back. */
function momentsOfHuge(values: Float64Array): RunningMoments {
  const unit = 2 ** 520;
  const scaled = values.map((value) => value / unit);
  const { count, mean, m2, m3, m4 } = momentsOf(scaled, values.length);
  const grown = (sum: number, power: number): number => (power === 0 ? sum : grown(sum * unit, power - 1));
  return { count, mean: mean * unit, m2: grown(m2, 2), m3: grown(m3, 3), m4: grown(m4, 4) };
}

/**
 * Adds the moments of other values (Pébay 2008, Formulas for robust, one-pass parallel computation of covariances
 * and arbitrary-order statistical moments, Sandia SAND2008-6212, eqs. 2.1 and 3.1).
 */
export function mergeMoments(into: RunningMoments, other: RunningMoments): void {
  if (other.count === 0) return;
  if (into.count === 0) {
    Object.assign(into, other);
    return;
  }
  const a = into.count;
  const b = other.count;
  const n = a + b;
  const delta = other.mean - into.mean;
  const share = delta / n;
  const product = a * b;
  const m4 =
    into.m4 +
    other.m4 +
    delta * share * share * share * product * (a * a - product + b * b) +
    6 * share * share * (a * a * other.m2 + b * b * into.m2) +
    4 * share * (a * other.m3 - b * into.m3);
  const m3 =
    into.m3 + other.m3 + delta * share * share * product * (a - b) + 3 * share * (a * other.m2 - b * into.m2);
  into.m2 += other.m2 + delta * share * product;
  into.m3 = m3;
  into.m4 = m4;
  into.mean = Number.isFinite(delta) ? into.mean + b * share : into.mean * (a / n) + other.mean * (b / n);
  into.count = n;
}

/** @param range the least and the greatest value: when they are one, rounding must not look like a spread */
export function closeMoments(
  { count, mean, m2, m3, m4 }: RunningMoments,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): Moments {
  if (count > 0 && min === max) return { mean: min, m2: 0, m3: 0, m4: 0 };
  return { mean: finite(mean), m2: finite(m2), m3: finite(m3), m4: finite(m4) };
}

export function openMoments(count: number, { mean, m2, m3, m4 }: Moments): RunningMoments {
  const open = (value: number | null) => value ?? Number.NaN;
  return { count, mean: open(mean), m2: open(m2), m3: open(m3), m4: open(m4) };
}

/** -0 becomes 0, which JSON cannot tell apart. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
