import { incompleteBeta } from "../maths/incomplete-beta.ts";

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
