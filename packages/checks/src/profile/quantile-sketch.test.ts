import { expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { createDistribution, type Distribution } from "./distribution.ts";
import { quantileError, weightedValues } from "./quantile.ts";
import { createQuantiles } from "./quantile-sketch.ts";

const rising = (length: number) => Float64Array.from({ length }, (_, place) => place);

function distributionOf(blocks: readonly Float64Array[], seed: number): Distribution {
  const distribution = createDistribution(() => createRandom(seed));
  for (const block of blocks) distribution.addSorted(block.slice().sort());
  return distribution.close();
}

/** How many of the numbers 0, 1, 2, … the sketch believes to be below `value`. */
function believedBelow(distribution: Distribution, value: number): number {
  return weightedValues(distribution)
    .filter((entry) => entry.value < value)
    .reduce((sum, { weight }) => sum + weight, 0);
}

test("up to its size it holds every value", () => {
  const sketch = createQuantiles(100, createRandom(1));
  sketch.addSorted(rising(60));
  sketch.addSorted(rising(40));
  expect(sketch.close().levels.map((level) => level.length)).toEqual([100]);
});

test("of any number of values it holds at most three times its size, most of them on the upper levels", () => {
  const sketch = createQuantiles(200, createRandom(1));
  for (let block = 0; block < 300; block += 1) sketch.addSorted(rising(1_000));
  const sizes = sketch.close().levels.map((level) => level.length);
  const held = (list: readonly number[]) => list.reduce((sum, size) => sum + size, 0);
  expect(held(sizes)).toBeLessThanOrEqual(3 * 200 + 8 * sizes.length);
  expect(held(sizes.slice(0, sizes.length / 2))).toBeLessThan(held(sizes) / 4);
  expect(sizes.reduce((sum, size, level) => sum + size * 2 ** level, 0)).toBe(300_000);
});

test("it errs to either side alike", () => {
  const blocks = [0, 1, 2, 3, 4].map((first) => rising(8_000).map((place) => 5 * place + first));
  const errors = Array.from(
    { length: 60 },
    (_, seed) => believedBelow(distributionOf(blocks, seed), 20_003) - 20_003,
  );
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(spread).toBeGreaterThan(0);
  expect(Math.abs(mean)).toBeLessThan((4 * spread) / Math.sqrt(errors.length));
});

test("values that were counted one by one at first go over into it with their counts", () => {
  const few = Float64Array.from({ length: 7_777 }, (_, row) => 100 * (row % 231));
  const many = rising(23_000);
  const distribution = distributionOf([few, many], 1);
  expect(distribution.values).toBeNull();
  const all = Float64Array.from([...few, ...many]).sort();
  expect(believedBelow(distribution, Number.POSITIVE_INFINITY)).toBe(all.length);
  for (const value of [1, 700, 5_050, 11_500, 20_000, 22_950]) {
    const below = all.findIndex((other) => other >= value);
    const error = Math.abs(believedBelow(distribution, value) - below) / all.length;
    expect(error).toBeLessThanOrEqual(quantileError(distribution));
  }
});
