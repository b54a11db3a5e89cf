/** A rule that rings beyond a threshold that does not depend on the size of the window. */
export interface FixedRule {
  readonly name: string;
  /** @param before and @param now in rising order */
  rings(before: Float64Array, now: Float64Array): boolean;
}

function sd(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** ∫ |F − G|, by the quantiles of both at 1,000 places. */
function wasserstein(before: Float64Array, now: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < 1_000; place += 1) {
    const share = (place + 0.5) / 1_000;
    sum += Math.abs(
      (before[Math.floor(share * before.length)] ?? 0) - (now[Math.floor(share * now.length)] ?? 0),
    );
  }
  return sum / 1_000;
}

/** Shares in 30 bins of equal width over both (as Evidently bins numbers for Jensen–Shannon), and in deciles. */
function shares(values: Float64Array, binOf: (value: number) => number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.max(0, binOf(value)));
    counts[bin] = (counts[bin] ?? 0) + 1 / values.length;
  }
  return counts;
}

function jensenShannon(before: Float64Array, now: Float64Array): number {
  const low = Math.min(before[0] ?? 0, now[0] ?? 0);
  const high = Math.max(before.at(-1) ?? 0, now.at(-1) ?? 0);
  const binOf = (value: number) => Math.floor(((value - low) / (high - low || 1)) * 30);
  const [p, q] = [shares(before, binOf, 30), shares(now, binOf, 30)];
  let sum = 0;
  for (const [bin, a] of p.entries()) {
    const b = q[bin] ?? 0;
    if (a > 0) sum += a * Math.log2((2 * a) / (a + b));
    if (b > 0) sum += b * Math.log2((2 * b) / (a + b));
  }
  return Math.sqrt(sum / 2);
}

function stability(before: Float64Array, now: Float64Array): number {
  const cuts = Array.from({ length: 9 }, (_, at) => before[Math.floor((before.length * (at + 1)) / 10)] ?? 0);
  const binOf = (value: number) => cuts.filter((cut) => cut <= value).length;
  const [p, q] = [shares(before, binOf, 10), shares(now, binOf, 10)];
  return p.reduce((sum, share, bin) => {
    const [a, b] = [Math.max(share, 1e-4), Math.max(q[bin] ?? 0, 1e-4)];
    return sum + (a - b) * Math.log(a / b);
  }, 0);
}

/** Thresholds that monitoring tools ship: Evidently's for more than 1,000 rows, and the folklore of PSI. */
export const FIXED_RULES: readonly FixedRule[] = [
  { name: "Wasserstein / SD >= 0.1", rings: (before, now) => wasserstein(before, now) / sd(before) >= 0.1 },
  { name: "Jensen–Shannon >= 0.1", rings: (before, now) => jensenShannon(before, now) >= 0.1 },
  { name: "PSI >= 0.1, deciles", rings: (before, now) => stability(before, now) >= 0.1 },
];
