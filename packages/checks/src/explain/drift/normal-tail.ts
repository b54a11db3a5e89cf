/**
 * How likely |Z| ≥ z is for a standard normal Z: erfc(z / √2), by its series below 2.5 and the continued fraction
 * above (Abramowitz and Stegun 7.1.6 and 7.1.14), to about 13 digits.
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const density = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2.5) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; term > sum * 1e-17 && n < 200; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - density * sum;
  }
  let fraction = 0;
  for (let n = 80; n >= 1; n -= 1) fraction = n / 2 / (x + fraction);
  return density / (x + fraction);
}
