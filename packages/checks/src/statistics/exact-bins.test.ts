import { expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { exactBinsPValue } from "./exact-bins.ts";
import { fisherExact } from "./fisher-exact.ts";
import { simulateCounts } from "./simulate-counts.ts";

test("of two bins it is Fisher's test, ordered or not; empty bins are no tests", () => {
  const { pValue } = fisherExact({ hits: 2, rows: 100 }, { hits: 0, rows: 10_000 });
  for (const ordered of [true, false]) {
    expect(exactBinsPValue([98, 0, 2], [10_000, 0, 0], ordered)).toBeCloseTo(pValue, 12);
  }
  for (const ordered of [true, false]) expect(exactBinsPValue([5, 0], [9, 0], ordered)).toBe(1);
});

test("a shift of ordered bins is seen at the cuts between them, where no bin alone shows it", () => {
  const [first, second] = [
    [40, 30, 20, 10],
    [10, 20, 30, 40],
  ];
  const [each, cuts] = [exactBinsPValue(first, second, false), exactBinsPValue(first, second, true)];
  expect(cuts).toBeLessThan(each / 2);
});

test.each([true, false])("small p values are at most as frequent as they say (ordered: %s)", (ordered) => {
  const random = createRandom(2, "exact bins");
  const pooled = [700, 300, 9, 4, 2, 1];
  const part = new Float64Array(pooled.length);
  let low = 0;
  for (let draw = 0; draw < 4_000; draw += 1) {
    simulateCounts(pooled, { size: 120, random, into: part });
    const rest = pooled.map((count, bin) => count - (part[bin] as number));
    if (exactBinsPValue(rest, part, ordered) <= 0.05) low += 1;
  }
  expect(low).toBeLessThanOrEqual(4_000 * 0.05);
  expect(low).toBeGreaterThan(0);
});
