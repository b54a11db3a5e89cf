/** From here on Stirling's series is exact to the last digit. */
const LARGE = 16;
const HALF_LOG_TAU = Math.log(2 * Math.PI) / 2;

/** ln Γ(x), to about 15 digits: Stirling's series (Abramowitz and Stegun 6.1.41), for an x brought to 16 or more. @param x above 0 */
export function logGamma(x: number): number {
  let product = 1;
  let large = x;
  while (large < LARGE) {
    product *= large;
    large += 1;
  }
  return (large - 0.5) * Math.log(large) - large + HALF_LOG_TAU + series(large) - Math.log(product);
}

const KNOWN = 1_024;
const known = new Float64Array(KNOWN);
for (let n = 2; n < KNOWN; n += 1) known[n] = (known[n - 1] as number) + Math.log(n);

/** ln(n!), from a table where n is small: draws ask for it often. @param n a whole number, 0 or more */
export function logFactorial(n: number): number {
  return n < KNOWN ? (known[n] as number) : logGamma(n + 1);
}

/** ln Γ(a + 1) − ln(√(2πa) (a / e)ᵃ): what Stirling's formula lacks. @param a above 0 */
export function stirlingError(a: number): number {
  return a < LARGE ? logGamma(a + 1) - (a + 0.5) * Math.log(a) + a - HALF_LOG_TAU : series(a);
}

function series(a: number): number {
  const square = a * a;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / a;
}
