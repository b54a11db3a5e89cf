import { deviance } from "./deviance.ts";
import { stirlingError } from "./log-gamma.ts";

/**
 * The regularised upper incomplete gamma function Q(a, x): the chance that a gamma variable of shape `a` exceeds `x`.
 * Its series below a + 1, its continued fraction above (Numerical Recipes, 3rd ed., 6.2), with the weight before them
 * in Loader's form, which keeps 12 digits for large shapes and far tails.
 *
 * @param a above 0
 * @param x 0 or more
 */
export function upperGamma(a: number, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
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

/** xᵃ e⁻ˣ / Γ(a + 1) */
function density(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}
