import { deviance } from "./deviance.ts";
import { stirlingError } from "./log-gamma.ts";

/**
 * The regularised incomplete beta function: the chance that a beta variable of these two shapes is at most `x`, from
 * which the tails of the binomial and of Student's distribution come. Its continued fraction (Numerical Recipes, 3rd
 * ed., 6.4), with the weight before it in Loader's form, as in the incomplete gamma function.
 *
 * @param x 0 to 1
 * @param a above 0
 * @param b above 0
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x > (a + 1) / (a + b + 2) ? 1 - lower(1 - x, b, a) : lower(x, a, b);
}

function lower(x: number, a: number, b: number): number {
  const total = a + b;
  const log = stirlingError(total) - stirlingError(a) - stirlingError(b);
  const gap = deviance(a, total * x) + deviance(b, total * (1 - x));
  return Math.exp(log - gap) * Math.sqrt(b / (2 * Math.PI * a * total)) * fraction(x, a, b);
}

/** Lentz's method; it takes about as many steps as the root of the larger shape. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 1_000_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    product *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return product;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
