/**
 * The regularised upper incomplete gamma function Q(a, x): the chance that a gamma variable of shape `a` exceeds `x`.
 * Its series below a + 1, its continued fraction above (Numerical Recipes, 3rd ed., 6.2), with the weight before them
 * in Loader's form (2000, Fast and accurate computation of binomial probabilities), which keeps 12 digits for large
 * shapes and far tails.
 *
 * @param a above 0
 * @param x 0 or more
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - density(a, x) * series(a, x) : density(a, x) * a * fraction(a, x);
}

/** Chance that a χ² variable exceeds `x`. @param degreesOfFreedom above 0 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, x / 2);
}

/** 1 + x / (a + 1) + x² / ((a + 1)(a + 2)) + … */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < 1_000_000; n += 1) {
    const part = -n * (n - a);
    b += 2;
    d = 1 / nonZero(part * d + b);
    c = nonZero(b + part / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return product;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Where Stirling's series is exact to the last digit. */
const LARGE = 16;

/** xᵃ e⁻ˣ / Γ(a + 1) */
function density(a: number, x: number): number {
  if (a < LARGE) {
    let steps = 1;
    let shape = a;
    while (shape < LARGE) {
      shape += 1;
      steps *= shape;
    }
    // Γ(a + 1) = Γ(shape + 1) / ((a + 1) … shape)
    const gamma = Math.sqrt(2 * Math.PI * shape) * shape ** shape * Math.exp(stirlingError(shape) - shape);
    return Math.exp(a * Math.log(x) - x) * (steps / gamma);
  }
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** ln Γ(a + 1) − ln(√(2πa) (a / e)ᵃ) for a large a. */
function stirlingError(a: number): number {
  const square = a * a;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / a;
}

/** a ln(a / x) + x − a, without cancellation where x is near a. */
function deviance(a: number, x: number): number {
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
