import { expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import fixtures from "../fixtures/share-intervals.json" with { type: "json" };
import type { Share } from "../share.ts";
import { wilson } from "./share-interval.ts";
import { shareDifference, shareRatio } from "./two-shares.ts";

test.each(fixtures.one)(
  "statsmodels: $hits of $rows at $confidence",
  ({ hits, rows, confidence, wilson: [low, high] }) => {
    const found = wilson(hits, rows, confidence);
    expect(found.low).toBeCloseTo(low as number, 10);
    expect(found.high).toBeCloseTo(high as number, 10);
  },
);

test.each(fixtures.two)("statsmodels: $first against $second", ({ first, second, difference, ratio }) => {
  const [a, b] = [first, second].map(([hits = 0, rows = 0]) => ({ hits, rows })) as [Share, Share];
  expect(shareDifference(a, b).low).toBeCloseTo(difference[0] as number, 8);
  expect(shareDifference(a, b).high).toBeCloseTo(difference[1] as number, 8);
  expect(shareRatio(a, b).low).toBeCloseTo(ratio[0] as number, 8);
  expect(shareRatio(a, b).high).toBeCloseTo(ratio[1] as number, 8);
});

test.each([0.02, 0.3, 0.9])("Wilson's interval at .95 holds a share of %d about as often", (share) => {
  const random = createRandom(17);
  const repetitions = 1_500;
  let held = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    let hits = 0;
    for (let row = 0; row < 60; row += 1) hits += Number(random.uniform() < share);
    const { low, high } = wilson(hits, 60);
    held += Number(low <= share && share <= high);
  }
  expect(held / repetitions).toBeGreaterThan(0.92);
});
