import { batchOf } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { normal } from "../random/normal.ts";
import type { Random } from "../random/random.ts";

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * A model's answers about one feature x: it says what is true of x, but with `sharpness` too sure of itself.
 *
 * @param truth how likely a row of x is positive, when it is not as the model thinks
 */
export function answered(
  random: Random,
  rows: number,
  { shift = 0, spread = 1, sharpness = 1, truth = (x: number) => sigmoid(2 * x) } = {},
): ColumnBatch {
  const x = Float64Array.from({ length: rows }, () => shift + spread * normal(random));
  const p = x.map((value) => sigmoid(2 * sharpness * value));
  const y = Array.from(x, (value) => (random.uniform() < truth(value) ? "yes" : "no"));
  const said = Array.from(p, (share) => (share >= 0.5 ? "yes" : "no"));
  return batchOf({ x, p, y, said });
}
