/**
 * The exact two-sided p values of the Kolmogorov–Smirnov test of two samples of `size` values each, no two equal, by
 * their distance times `size`, 0 to `size`.
 *
 * Source: Gnedenko and Korolyuk 1951, by the reflection principle: p(h) = 2 Σ (-1)^(i-1) C(2n, n - ih) / C(2n, n).
 */
export function equalSizesPValues(size: number): Float64Array {
  return Float64Array.from({ length: size + 1 }, (_, gap) => (gap === 0 ? 1 : pValue(size, gap)));
}

function pValue(size: number, gap: number): number {
  let sum = 0;
  let ratio = 1;
  let sign = 1;
  for (let reach = gap; reach <= size; reach += gap) {
    for (let step = reach - gap; step < reach; step += 1) ratio *= (size - step) / (size + step + 1);
    sum += sign * ratio;
    sign = -sign;
  }
  return Math.min(1, 2 * sum);
}
