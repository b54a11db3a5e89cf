/** The chance that a share that is in truth at most the limit was underrated when a schema was inferred. */
const UNDERRATED = 0.001;

/**
 * The greatest share of a source that does not contradict `count` of `rows`: the upper Clopper–Pearson bound
 * (Biometrika 1934) at 99.9 %, rounded up to two digits.
 */
export function shareLimit(count: number, rows: number): number {
  if (rows === 0 || count >= rows) return 1;
  let low = count / rows;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (1 - binomialTail(count + 1, rows, middle) > UNDERRATED) low = middle;
    else high = middle;
  }
  return Math.min(1, roundUp(high));
}

/** The chance of `count` or more successes in `rows` trials of this chance each. */
export function binomialTail(count: number, rows: number, chance: number): number {
  if (count <= 0) return 1;
  if (count > rows || chance <= 0) return 0;
  if (chance >= 1) return 1;
  return incompleteBeta(chance, count, rows - count + 1);
}

/** Whether a source with this share of some rows brings about `count` of `rows` with less than `level` chance. */
export function exceeds(
  count: number,
  rows: number,
  { limit, level }: { readonly limit: number; readonly level: number },
): boolean {
  if (limit <= 0) return count > 0;
  return count > limit * rows && binomialTail(count, rows, limit) <= level;
}

function roundUp(share: number): number {
  const digits = 1 - Math.floor(Math.log10(share));
  const scale = 10 ** digits;
  return Number((Math.ceil(share * scale - 1e-9) / scale).toFixed(Math.max(0, digits)));
}

/** The regularised incomplete beta function, by its continued fraction (Numerical Recipes, 3rd ed., 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return (front * fraction) / a;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Lanczos's approximation with g = 7, good to 15 digits. @param x above 0 */
function logGamma(x: number): number {
  const base = x - 1;
  const sum = LANCZOS.reduce((total, part, at) => total + part / (base + at + 1), 0.99999999999980993);
  const t = base + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (base + 0.5) * Math.log(t) - t + Math.log(sum);
}
