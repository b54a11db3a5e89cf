/**
 * a ln(a / x) + x − a, without cancellation where x is near a: with Stirling's formula it gives Poisson and binomial
 * chances to the last digits, however small (Loader 2000, Fast and accurate computation of binomial probabilities).
 *
 * @param a above 0
 * @param x above 0
 */
export function deviance(a: number, x: number): number {
  const gap = a - x;
  if (Math.abs(gap) > 0.1 * (a + x)) return a * Math.log(a / x) - gap;
  const ratio = gap / (a + x);
  let term = 2 * a * ratio;
  let sum = gap * ratio;
  for (let n = 1; n < 1_000; n += 1) {
    term *= ratio * ratio;
    const next = sum + term / (2 * n + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
