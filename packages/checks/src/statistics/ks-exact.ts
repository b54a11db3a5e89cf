/**
 * The chance that a random arrangement of m values of one sample and n of another reaches a distance of at least
 * `distance / (m n)` between the empirical distribution functions, looked at only where a group of equal values
 * ends (Schröer and Trenkler 1995, Exact and randomization distributions of Kolmogorov–Smirnov tests).
 *
 * An arrangement is a lattice path; all are equally likely. Let u(i, N) be the chance that the path has been too far
 * out within its first N values, given that i of these are of the first sample. The N-th value is one of them with
 * chance i / N, so u follows from two values at N - 1 by sums of positive terms, which keeps small p values
 * accurate. Far from the diagonal u is 1, so only a band is computed: about 2 D m n steps, more where groups are
 * large.
 *
 * @param distance a whole number, 0 to m n
 * @param groupEnds how many of all values lie at or below each distinct value, rising to m + n
 */
export function outsideProbability(
  distance: number,
  m: number,
  n: number,
  groupEnds: Iterable<number>,
): number {
  const all = m + n;
  const u = new Float64Array(m + 1).fill(1);
  u[0] = 0;
  let start = 0;
  let low = 0;
  let high = 0;
  for (const end of groupEnds) {
    const nextLow = Math.max(0, end - n, Math.floor((end * m - distance) / all) + 1);
    const nextHigh = Math.min(m, end, Math.ceil((end * m + distance) / all) - 1);
    if (nextLow > nextHigh) return 1;
    for (let seen = start + 1; seen <= end; seen += 1) {
      const from = Math.max(low, nextLow - (end - seen));
      const to = Math.min(nextHigh, high + (seen - start));
      for (let i = to; i >= from; i -= 1) {
        const before = i === 0 ? 0 : (u[i - 1] as number);
        u[i] = (i * before + (seen - i) * (u[i] as number)) / seen;
      }
    }
    u.fill(1, low, nextLow);
    start = end;
    low = nextLow;
    high = nextHigh;
  }
  return u[m] as number;
}
