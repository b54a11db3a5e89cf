/**
 * The chance that a random arrangement of m values of one sample and n of another reaches a distance of at least
 * `distance / (m n)` between the empirical distribution functions.
 *
 * An arrangement is a lattice path from (0, 0) to (m, n); all are equally likely, and the last step of a path to
 * (i, j) comes from (i-1, j) with chance i / (i + j). So the chance u(i, j) that the path has been outside follows
 * from its two neighbours by sums of positive terms, which keeps small p values accurate. With `groupEnds` a path
 * can be outside only where a group of equal values ends (Schröer and Trenkler 1995, Exact and randomization
 * distributions of Kolmogorov–Smirnov tests).
 *
 * @param distance a whole number, 0 to m n
 */
export function outsideProbability(
  distance: number,
  m: number,
  n: number,
  groupEnds: Uint8Array | null,
): number {
  if (distance <= 0) return 1;
  return groupEnds === null ? inBand(distance, m, n) : onGrid(distance, m, n, groupEnds);
}

/** Without ties everything off the band around the diagonal is outside, so only the band is visited. */
function inBand(distance: number, m: number, n: number): number {
  const row = new Float64Array(n + 1).fill(1);
  for (let i = 0; i <= m; i += 1) {
    const from = Math.max(0, Math.floor((i * n - distance) / m) + 1);
    const to = Math.min(n, Math.ceil((i * n + distance) / m) - 1);
    let left = from === 0 ? 0 : 1;
    for (let j = from; j <= to; j += 1) {
      const up = i === 0 ? 0 : (row[j] as number);
      left = i + j === 0 ? 0 : (i * up + j * left) / (i + j);
      row[j] = left;
    }
  }
  return row[n] as number;
}

function onGrid(distance: number, m: number, n: number, groupEnds: Uint8Array): number {
  const row = new Float64Array(n + 1);
  for (let i = 0; i <= m; i += 1) {
    let left = 0;
    for (let j = 0; j <= n; j += 1) {
      if (groupEnds[i + j] === 1 && Math.abs(i * n - j * m) >= distance) left = 1;
      else if (i + j > 0) left = (i * (row[j] as number) + j * left) / (i + j);
      row[j] = left;
    }
  }
  return row[n] as number;
}
