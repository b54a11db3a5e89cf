import type { Profile } from "../profile/profile.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import { correlationError, fisherZ, rankCorrelations } from "./rank-correlation.ts";
import type { CorrelationSchema } from "./schema.ts";

/** Pairs grow with the square of the columns: of wider tables the first ones are looked at. */
export const MOST_PAIRED = 60;
const STRONG = 0.5;
/** Half of a range's width, at least. */
const LEAST = 0.15;
const FEWEST = 100;

/** The strong rank correlations among a profile's sampled rows, each with the range that another sample keeps to. */
export function inferCorrelations(profile: Profile): CorrelationSchema[] {
  const names = profile.columns
    .filter((column) => column.kind === "number" && column.count > profile.rows / 2)
    .map(({ name }) => name)
    .slice(0, MOST_PAIRED);
  const correlate = rankCorrelations(sampleBatch(profile));
  const found: CorrelationSchema[] = [];
  for (const [at, first] of names.entries()) {
    for (const second of names.slice(at + 1)) {
      const { correlation, rows } = correlate(first, second);
      if (correlation === null || rows < FEWEST || Math.abs(correlation) < STRONG) continue;
      const [low, high] = interval(correlation, rows);
      found.push({ columns: [first, second], range: [low, high] });
    }
  }
  return found;
}

/** Four standard errors to both sides. */
function interval(correlation: number, rows: number): [number, number] {
  const z = fisherZ(correlation);
  const error = 4 * correlationError(correlation, rows);
  const low = Math.min(Math.tanh(z - error), correlation - LEAST);
  const high = Math.max(Math.tanh(z + error), correlation + LEAST);
  return [round(Math.max(-1, low)), round(Math.min(1, high))];
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
