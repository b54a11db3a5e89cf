import { expect, test } from "vitest";
import { createRandom, resumeRandom } from "./random.ts";

test("the same seed and stream give the same numbers, another seed or stream others", () => {
  const draw = (seed: number, stream?: string) => {
    const random = createRandom(seed, stream);
    return Array.from({ length: 5 }, () => random.uniform());
  };
  expect(draw(7, "a")).toEqual(draw(7, "a"));
  expect(draw(7, "a")).not.toEqual(draw(8, "a"));
  expect(draw(7, "a")).not.toEqual(draw(7, "b"));
});

test("numbers below ten are spread evenly over the ten", () => {
  const random = createRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) {
    const digit = random.below(10);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(counts).toHaveLength(10);
  expect(chiSquare).toBeLessThan(27.88); // The 0.999 quantile with 9 degrees of freedom.
});

test("a stream of chance that was put aside as JSON goes on where it was", () => {
  const random = createRandom(7);
  random.uniform();
  const resumed = resumeRandom(JSON.parse(JSON.stringify(random.state())));
  expect([resumed.uniform(), resumed.below(9)]).toEqual([random.uniform(), random.below(9)]);
});
