import { toMatrix } from "../batch/to-matrix.ts";
import type { Profile } from "../profile/profile.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import { rankCorrelation } from "./rank-correlation.ts";
import type { CorrelationSchema } from "./schema.ts";

const MOST_COLUMNS = 60;
const STRONG = 0.5;
/** Half of a range's width, at least. */
const LEAST = 0.15;
const FEWEST = 100;

/** The strong rank correlations among a profile's sampled rows, each with the range that another sample keeps to. */
export function inferCorrelations(profile: Profile): CorrelationSchema[] {
  const names = profile.columns
    .filter((column) => column.kind === "number" && column.count > profile.rows / 2)
    .map(({ name }) => name)
    .slice(0, MOST_COLUMNS);
  const found: CorrelationSchema[] = [];
  for (const [at, first] of names.entries()) {
    for (const second of names.slice(at + 1)) {
      const { correlation, rows } = correlate(profile, first, second);
      if (correlation === null || rows < FEWEST || Math.abs(correlation) < STRONG) continue;
      const [low, high] = interval(correlation, rows);
      found.push({ columns: [first, second], range: [low, high] });
    }
  }
  return found;
}

/** Spearman's correlation of two columns among the rows that a profile keeps. */
export function correlate(
  profile: Profile,
  first: string,
  second: string,
): { readonly correlation: number | null; readonly rows: number } {
  const { rows, values } = toMatrix(sampleBatch(profile), [first, second]);
  const pairs = Array.from({ length: rows }, (_, row): [number, number] => [
    values[2 * row] as number,
    values[2 * row + 1] as number,
  ]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return { correlation: rankCorrelation(pairs), rows: pairs.length };
}

/** Four standard errors of Fisher's z to both sides, for ranks as in Bonett and Wright 2000 (Psychometrika 65). */
function interval(correlation: number, rows: number): [number, number] {
  const z = Math.atanh(Math.max(-0.999999, Math.min(0.999999, correlation)));
  const error = 4 * Math.sqrt((1 + correlation ** 2 / 2) / (rows - 3));
  const low = Math.min(Math.tanh(z - error), correlation - LEAST);
  const high = Math.max(Math.tanh(z + error), correlation + LEAST);
  return [round(Math.max(-1, low)), round(Math.min(1, high))];
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
