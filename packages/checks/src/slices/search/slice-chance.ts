import { normalBelow } from "../../maths/normal.ts";
import { hypergeometricTails } from "../../statistics/hypergeometric-tails.ts";
import type { Overall } from "./slice-score.ts";

type Slice = Pick<Overall, "rows" | "losses">;

/**
 * How likely so great a loss is in a slice of that many rows drawn at random without replacement; one-sided. Errors
 * are rare and losses lopsided, so the normal limit alone would call slices of chance significant.
 *
 * - losses of two values, such as errors: exact, Fisher's test
 * - others: the double saddlepoint of a sum of drawn rows (Skovgaard 1987; Booth and Butler 1990, Biometrika 77:787),
 *   with the losses gathered to some hundred values, the greatest ones each by itself
 */
export function sliceChance(losses: Float64Array, overall: Overall): (slice: Slice) => number {
  const sorted = losses.toSorted();
  const [low, high] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  const marked = sorted.length - upTo(sorted, low);
  const two = low < high && sorted[sorted.length - marked] === high;
  const ofSum = two ? null : drawnSum(gather(sorted), overall);

  return (slice) => {
    const rough = normalLimit(slice, overall);
    // No slice of an even chance is ever named.
    if (rough >= 0.5) return rough;
    if (ofSum !== null) return ofSum(slice, rough);
    const hits = Math.round((slice.losses - slice.rows * low) / (high - low));
    const urn = { marked, others: overall.rows - marked, drawn: slice.rows };
    return Math.min(1, hypergeometricTails(urn, hits).upper);
  };
}

function normalLimit({ rows, losses }: Slice, overall: Overall): number {
  const left = overall.rows - rows;
  if (left <= 0 || overall.variance === 0) return 1;
  const spread = Math.sqrt((overall.variance / rows) * (left / (overall.rows - 1)));
  return normalBelow((overall.mean - losses / rows) / spread);
}

/** How many of the rising values are `value` or less. */
function upTo(sorted: Float64Array, value: number): number {
  const place = sorted.findIndex((other) => other > value);
  return place < 0 ? sorted.length : place;
}

/** Values and how many rows have each. */
interface Atoms {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** The mean of each sixteenth of what is above it already, from the greatest down. */
function gather(sorted: Float64Array): Atoms {
  const values: number[] = [];
  const counts: number[] = [];
  for (let end = sorted.length; end > 0; ) {
    const size = Math.min(end, Math.max(1, Math.floor((sorted.length - end) / 16)));
    const part = sorted.subarray(end - size, end);
    values.push(part.reduce((sum, value) => sum + value, 0) / size);
    counts.push(size);
    end -= size;
  }
  return { values, counts };
}

/** Each row is drawn by itself with a chance that its loss tilts, given how many are drawn. */
function drawnSum({ values, counts }: Atoms, overall: Overall): (slice: Slice, rough: number) => number {
  const scale = Math.sqrt(overall.variance);
  const standard = values.map((value) => (value - overall.mean) / scale);

  /** The cumulant function of number and sum at the tilt, with its slopes and curvatures. */
  function cumulants(odds: number, [t, s]: Tilt): Cumulants {
    const found = { value: 0, n: 0, x: 0, nn: 0, nx: 0, xx: 0 };
    for (const [at, x] of standard.entries()) {
      const count = counts[at] as number;
      const chance = 1 / (1 + Math.exp(-(odds + t + s * x)));
      const spread = count * chance * (1 - chance);
      found.value += count * (softplus(odds + t + s * x) - softplus(odds));
      found.n += count * chance;
      found.x += count * chance * x;
      found.nn += spread;
      found.nx += spread * x;
      found.xx += spread * x * x;
    }
    return found;
  }

  return ({ rows, losses }, rough) => {
    const odds = Math.log(rows / (overall.rows - rows));
    const sum = (losses - rows * overall.mean) / scale;
    const gain = (tilt: Tilt, at: Cumulants) => tilt[0] * rows + tilt[1] * sum - at.value;
    let tilt: Tilt = [0, 0];
    let at = cumulants(odds, tilt);
    for (let step = 0; step < 40; step += 1) {
      const flat = at.nn * at.xx - at.nx ** 2;
      const [n, x] = [rows - at.n, sum - at.x];
      if (!(flat > 1e-9) || Math.abs(n) + Math.abs(x) < 1e-8 * rows) break;
      const move: Tilt = [(at.xx * n - at.nx * x) / flat, (at.nn * x - at.nx * n) / flat];
      const next = climb(tilt, move, (to) => {
        const found = cumulants(odds, to);
        return gain(to, found) > gain(tilt, at) ? found : null;
      });
      if (next === null) break;
      [tilt, at] = next;
    }
    const w = Math.sqrt(2 * Math.max(0, gain(tilt, at)));
    if (w < 0.05) return rough;
    const share = rows / overall.rows;
    const flat = Math.max(0, at.nn * at.xx - at.nx ** 2) / (overall.rows * share * (1 - share));
    const u = tilt[1] * Math.sqrt(flat);
    const density = Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI);
    const chance = normalBelow(-w) + density * (1 / u - 1 / w);
    // At the end of what is possible the tilt has no end: Chernoff's bound.
    return chance > 0 && chance < 1 ? chance : Math.exp((-w * w) / 2);
  };
}

type Tilt = readonly [number: number, sum: number];

interface Cumulants {
  readonly value: number;
  readonly n: number;
  readonly x: number;
  readonly nn: number;
  readonly nx: number;
  readonly xx: number;
}

/** The longest of ever shorter moves that gains; null when none does. */
function climb(
  [t, s]: Tilt,
  [dt, ds]: Tilt,
  gains: (to: Tilt) => Cumulants | null,
): [Tilt, Cumulants] | null {
  for (let length = 1; length > 1e-6; length /= 2) {
    const to: Tilt = [t + length * dt, s + length * ds];
    const found = gains(to);
    if (found !== null) return [to, found];
  }
  return null;
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
