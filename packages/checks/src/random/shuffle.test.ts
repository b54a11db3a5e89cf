import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { shuffle, shuffledPlaces } from "./shuffle.ts";

test("every order of four places comes up as often as any other", () => {
  const random = createRandom(1);
  const seen = new Map<string, number>();
  for (let draw = 0; draw < 24_000; draw += 1) {
    const order = shuffledPlaces(4, random).join();
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(24);
  // Of 1,000 expected, 5 standard deviations are 155.
  for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(155);
});

test("values change places, and none is lost", () => {
  const labels = Uint8Array.of(1, 1, 0, 0, 0);
  shuffle(labels, createRandom(3));
  expect(labels.toSorted()).toEqual(Uint8Array.of(0, 0, 0, 1, 1));
});
