import { batchOf } from "../batch/batch-of.ts";
import type { TensorColumn } from "../batch/column.ts";
import { normal } from "../random/normal.ts";
import { createRandom } from "../random/random.ts";

/** A table with two columns that go together, a category, and values missing here and there. */
export function table(rows: number, seed: number) {
  const random = createRandom(seed, "table");
  const x = Array.from({ length: rows }, () => normal(random));
  return batchOf({
    x,
    twice: x.map((value) => 2 * value + 0.1 * normal(random)),
    colour: x.map(() => ["red", "blue", "green"][random.below(3)] ?? "red"),
    sometimes: x.map(() => (random.uniform() < 0.2 ? null : 5 + random.uniform())),
    always: x.map(() => 3),
    flag: x.map((value) => value > 0),
  });
}

/** Images of 8 × 8 with a bright bar. @param at its column, from a number between 0 and 1; on the left by default */
export function bars(
  rows: number,
  seed: number,
  at: (random: number) => number = (random) => 1 + random * 3,
) {
  const random = createRandom(seed, "bars");
  const values = new Float32Array(rows * 64);
  for (let row = 0; row < rows; row += 1) {
    const column = Math.floor(at(random.uniform()));
    for (let pixel = 0; pixel < 64; pixel += 1) {
      values[row * 64 + pixel] = (pixel % 8 === column ? 1 : 0) + 0.05 * normal(random);
    }
  }
  const image: TensorColumn = { kind: "tensor", name: "image", shape: [8, 8], values, validity: null };
  return { rows, columns: [image] };
}
