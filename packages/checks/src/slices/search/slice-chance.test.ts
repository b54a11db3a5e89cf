import { expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { shuffle } from "../../random/shuffle.ts";
import { sliceChance } from "./slice-chance.ts";
import { summariseLosses } from "./slice-score.ts";

const random = createRandom(3);

test("of errors it is Fisher's exact chance, also where errors are rare", () => {
  const losses = Float64Array.from({ length: 3_200 }, (_, row) => Number(row < 32));
  const chance = sliceChance(losses, summariseLosses(losses));
  // scipy.stats.hypergeom.sf(2, 3200, 32, 32); the normal limit says 8e-7.
  expect(chance({ rows: 32, losses: 3 })).toBeCloseTo(0.00372, 4);
  const dear = losses.map((loss) => 0.5 + 2 * loss);
  expect(sliceChance(dear, summariseLosses(dear))({ rows: 32, losses: 16 + 6 })).toBeCloseTo(0.00372, 4);
});

test.each([
  ["lopsided losses", (u: number) => (-Math.log(u)) ** 2.5],
  ["losses with two tails", (u: number) => u * u],
  ["losses of few values", (u: number) => Math.floor(u * 4)],
])("%s: as often as rows drawn at random lose so much", (_, of) => {
  const losses = Float64Array.from({ length: 200 }, () => of(random.uniform()));
  const chance = sliceChance(losses, summariseLosses(losses));
  const rows = Int32Array.from(losses.keys());
  const sums = Float64Array.from({ length: 20_000 }, () => {
    shuffle(rows, random);
    return rows.subarray(0, 32).reduce((sum, row) => sum + (losses[row] as number), 0);
  }).sort();
  for (const share of [0.1, 0.01]) {
    const sum = sums[Math.round((1 - share) * sums.length)] as number;
    const seen = sums.filter((other) => other >= sum).length / sums.length;
    const said = chance({ rows: 32, losses: sum });
    expect(said).toBeGreaterThan(seen * 0.75);
    expect(said).toBeLessThan(seen * 1.3);
  }
});

test("the rows that lose most cannot be drawn by chance", () => {
  const losses = Float64Array.from({ length: 400 }, (_, row) => (row < 40 ? 5 + row : row / 400));
  const chance = sliceChance(losses, summariseLosses(losses));
  expect(chance({ rows: 40, losses: losses.subarray(0, 40).reduce((a, b) => a + b) })).toBeLessThan(1e-20);
});
