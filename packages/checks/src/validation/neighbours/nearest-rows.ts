import type { MixedRows } from "./mixed-rows.ts";

/** The nearest of other rows to each row. */
export interface NearestRows {
  /** Row-major, k a row: which of the others, the nearest first. */
  readonly places: Int32Array;
  /** Of the k-th nearest. */
  readonly distances: Float64Array;
}

/**
 * The k nearest rows of `others` to each row, by brute force. The squared distance adds up the squares of numbers and
 * 1 for each code that differs; a value that is missing on one side counts 1, on both 0.
 *
 * @param same whether both are the same rows: then a row is not its own neighbour
 */
export function nearestRows(
  rows: MixedRows,
  others: MixedRows,
  { k, same }: { readonly k: number; readonly same: boolean },
): NearestRows {
  const places = new Int32Array(rows.rows * k).fill(-1);
  const distances = new Float64Array(rows.rows);
  const best = new Float64Array(k);
  for (let row = 0; row < rows.rows; row += 1) {
    best.fill(Number.POSITIVE_INFINITY);
    const start = row * k;
    for (let other = 0; other < others.rows; other += 1) {
      if (same && other === row) continue;
      const limit = best[k - 1] as number;
      const distance = squared(rows, row, { others, other, limit });
      if (distance >= limit) continue;
      let at = k - 1;
      while (at > 0 && (best[at - 1] as number) > distance) {
        best[at] = best[at - 1] as number;
        places[start + at] = places[start + at - 1] as number;
        at -= 1;
      }
      best[at] = distance;
      places[start + at] = other;
    }
    distances[row] = Math.sqrt(best[k - 1] as number);
  }
  return { places, distances };
}

/** The squared distance, or some number above the limit. */
function squared(
  rows: MixedRows,
  row: number,
  { others, other, limit }: { readonly others: MixedRows; readonly other: number; readonly limit: number },
): number {
  const { width, codesWidth, numbers, codes } = rows;
  let sum = 0;
  for (let at = 0; at < codesWidth; at += 1) {
    if (codes[row * codesWidth + at] !== others.codes[other * codesWidth + at]) sum += 1;
  }
  const [from, to] = [row * width, other * width];
  for (let at = 0; at < width && sum < limit; at += 1) {
    const a = numbers[from + at] as number;
    const b = others.numbers[to + at] as number;
    const difference = a - b;
    if (!Number.isNaN(difference)) sum += difference * difference;
    else if (!Number.isNaN(a) || !Number.isNaN(b)) sum += 1;
  }
  return sum;
}
