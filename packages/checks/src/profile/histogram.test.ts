import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addSortedToBins, coarsen, countInBins, fairCuts, joinBins } from "./histogram.ts";

const cuts = fc
  .uniqueArray(fc.integer({ min: -20, max: 20 }), { maxLength: 9 })
  .map((list) => list.sort((a, b) => a - b));
const values = fc.array(fc.integer({ min: -25, max: 25 }), { maxLength: 60 });

describe("laws", () => {
  test("counting sorted values by the cuts gives what counting them one by one gives", () => {
    fc.assert(
      fc.property(cuts, values, (edges, list) => {
        const counts = new Float64Array(edges.length + 1);
        addSortedToBins(counts, Float64Array.from(edges), Float64Array.from(list).sort());
        expect([...counts]).toEqual(countInBins(list, edges).counts);
      }),
    );
  });

  test("joined bins are what counting by their cuts gives, none empty, no more than asked for", () => {
    fc.assert(
      fc.property(cuts, values, fc.integer({ min: 1, max: 8 }), (edges, list, bins) => {
        const coarse = coarsen(countInBins(list, edges), bins);
        expect(coarse).toEqual(countInBins(list, coarse.cuts));
        expect(coarse.counts.length).toBeLessThanOrEqual(bins);
        if (list.length > 0) expect(Math.min(...coarse.counts)).toBeGreaterThan(0);
        expect(joinBins(countInBins(list, edges), coarse.cuts)).toEqual(coarse);
      }),
    );
  });
});

test("many narrow bins are joined to few that are about equally full", () => {
  const list = Float64Array.from({ length: 10_000 }, (_, row) => ((row + 1) / 10_000) ** 2);
  const fine = countInBins(list, fairCuts(list, 160));
  for (const count of coarsen(fine, 20).counts) expect(Math.abs(count - 500)).toBeLessThanOrEqual(32);
});

test("few distinct values have a bin each, even rare ones", () => {
  expect(fairCuts(Float64Array.of(1, 2, 2, 2, 2, 2, 2, 2, 2, 3), 3)).toEqual([2, 3]);
  expect(fairCuts(Float64Array.of(1, 2, 2, 2, 2, 2, 2, 2, 2, 3), 2)).toEqual([3]);
  expect(fairCuts(Float64Array.of(7, 7), 5)).toEqual([]);
  expect(fairCuts(new Float64Array(0), 5)).toEqual([]);
});

test("as many distinct values as bins keep a bin each", () => {
  const fine = countInBins([1, 1, 1, 1, 1, 1, 2, 3], [0, 1, 1.5, 2, 2.5, 3, 9]);
  expect(coarsen(fine, 3)).toEqual({ cuts: [2, 3], counts: [6, 1, 1] });
});
