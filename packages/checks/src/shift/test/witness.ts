import type { Keys } from "./known-column.ts";
import { rankValues } from "./ranked-values.ts";

/** Rows of either side that are scored. */
const MOST_ROWS = 500;

/** The reference's side of it. */
export interface KnownSide {
  readonly keys: readonly Keys[];
  /** Of each column. */
  readonly means: readonly number[];
}

export function knowSide(keys: readonly Keys[]): KnownSide {
  return { keys, means: keys.map((own) => meanOf(own, everyRow(own))) };
}

/**
 * Kolmogorov and Smirnov's D between two sides along the direction in which their means differ: how well rows can be
 * told apart by a kernel's witness function (Gretton et al. 2012, section 2.3). It fits the window, so chance alone
 * shows some of it.
 *
 * @param rows which of the window's keys; all when null
 */
export function witnessDistance(
  reference: KnownSide,
  window: readonly Keys[],
  rows: Int32Array | null,
): number {
  const chosen = rows ?? everyRow(window[0]);
  const direction = window.map((keys, at) => meanOf(keys, chosen) - (reference.means[at] ?? 0));
  const known = rankValues(scores(reference.keys, spread(everyRow(reference.keys[0])), direction));
  const own = scores(window, spread(chosen), direction);
  return known.distance(Int32Array.from(own, known.keyOf));
}

function everyRow(keys: Keys | undefined): Int32Array {
  return Int32Array.from({ length: keys?.length ?? 0 }, (_, row) => row);
}

/** At most so many of them, evenly over all. */
function spread(rows: Int32Array): Int32Array {
  const kept = Math.min(rows.length, MOST_ROWS);
  return Int32Array.from({ length: kept }, (_, at) => rows[Math.floor((at * rows.length) / kept)] as number);
}

function scores(columns: readonly Keys[], rows: Int32Array, direction: readonly number[]): Float64Array {
  const sums = new Float64Array(rows.length);
  for (const [at, weight] of direction.entries()) {
    const keys = columns[at] as Keys;
    for (let place = 0; place < rows.length; place += 1) {
      sums[place] = (sums[place] as number) + weight * (keys[rows[place] as number] as number);
    }
  }
  return sums;
}

function meanOf(keys: Keys, rows: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += 1) sum += keys[rows[at] as number] as number;
  return sum / rows.length;
}
