import fc from "fast-check";
import { expect, test } from "vitest";
import { drawRows } from "./draw-rows.ts";
import { createRandom } from "./random.ts";

test("as many rows as asked for are drawn, each at most once, and all where all are asked for", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.integer(), (all, count, seed) => {
      const rows = drawRows(all, Math.min(all, count), createRandom(seed));
      expect(new Set(rows).size).toBe(Math.min(all, count));
      expect(rows.every((row) => row >= 0 && row < all)).toBe(true);
    }),
  );
});

test("every row is as likely as another in every place", () => {
  const random = createRandom(1);
  const counts = Array.from({ length: 3 }, () => new Array<number>(5).fill(0));
  for (let draw = 0; draw < 5_000; draw += 1) {
    for (const [place, row] of drawRows(5, 3, random).entries()) {
      const own = counts[place] as number[];
      own[row] = (own[row] as number) + 1;
    }
  }
  // A thousand each, with a standard deviation of 28.
  for (const count of counts.flat()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
});
