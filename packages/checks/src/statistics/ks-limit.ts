/**
 * The limit of the two-sample p value for large samples: Kolmogorov's distribution at √(mn/(m+n)) D, shifted by
 * Hodges' correction (Hodges 1957, The significance probability of the Smirnov two-sample test, eq. 5.3) less half
 * of the step in which D can move. Against exact values with m n = 10,000,000 it is within 3 % for p ≥ 0.001 from
 * 200 values in the smaller sample on; with 50 it is 12 % too large at p = 0.0005 and twice too large at 1e-8.
 */
export function limitProbability(statistic: number, first: number, second: number): number {
  if (statistic <= 0) return 1;
  const m = Math.max(first, second);
  const n = Math.min(first, second);
  const root = Math.sqrt((m / (m + n)) * n);
  const hodges = (m + 2 * n) / (6 * Math.sqrt((m + n) * m) * Math.sqrt(n));
  const halfStep = (root * greatestCommonDivisor(m, n)) / m / n / 2;
  return kolmogorovSurvival(root * statistic + hodges - halfStep);
}

/**
 * P(K > x) of Kolmogorov's distribution, x ≥ 0: the alternating series for large x, its theta-function twin for
 * small x (each converges within a few terms on its side).
 */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    const scale = (Math.PI * Math.PI) / (8 * x * x);
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-k * k * scale);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 5; k >= 1; k -= 1) sum = Math.exp(-2 * (2 * k - 1) * x * x) * (1 - sum);
  return 2 * sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
