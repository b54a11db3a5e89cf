import { batchOf } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { normal } from "../random/normal.ts";
import { createRandom, type Random } from "../random/random.ts";

/** Two columns that go together, and others of every kind that do not, with values missing here and there. */
export function people(rows: number, random: Random, together = 0.8): ColumnBatch {
  const tall = Array.from({ length: rows }, () => normal(random));
  const rest = Math.sqrt(1 - together ** 2);
  return batchOf({
    tall,
    heavy: tall.map((value) => together * value + rest * normal(random)),
    income: tall.map(() => Math.exp(2 * normal(random))),
    children: tall.map(() => (random.uniform() < 0.1 ? null : random.below(4))),
    city: tall.map(() => ["Rome", "Oslo", "Bonn", "Turku"][Math.floor(4 * random.uniform() ** 2)] ?? ""),
    street: tall.map(() => `street ${Math.floor(200 * random.uniform() ** 4)}`),
    member: tall.map(() => random.uniform() < 0.2),
  });
}

/** People of a seed of their own. */
export function seeded(rows: number, seed: number, together?: number): ColumnBatch {
  return people(rows, createRandom(seed, "people"), together);
}
