import { expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { exceedanceChance } from "./beta-binomial.ts";

// scipy.stats.betabinom(rows, above, heldOut + 1 - above).sf(count - 1), SciPy 1.17
test.each([
  [10, { rows: 100, heldOut: 199, above: 10 }, 0.0598642606],
  [3, { rows: 20, heldOut: 99, above: 1 }, 0.0041633342],
  [0, { rows: 20, heldOut: 99, above: 1 }, 1],
  [600, { rows: 10_000, heldOut: 999, above: 50 }, 0.089338312],
])("%d of %o", (count, rest, expected) => {
  expect(exceedanceChance(count, rest)).toBeCloseTo(expected, 7);
});

test("of windows like the reference no more are found than was asked for, small reference or large", () => {
  const random = createRandom(1);
  const alarms = (heldOut: number, rows: number) => {
    const above = Math.round(0.05 * (heldOut + 1));
    let found = 0;
    for (let run = 0; run < 1000; run += 1) {
      const known = Float64Array.from({ length: heldOut }, () => random.uniform()).sort();
      const threshold = known[heldOut - above] ?? 1;
      let count = 0;
      for (let row = 0; row < rows; row += 1) if (random.uniform() > threshold) count += 1;
      if (exceedanceChance(count, { rows, heldOut, above }) <= 0.05) found += 1;
    }
    return found / 1000;
  };
  expect(alarms(99, 1000)).toBeLessThan(0.07);
  expect(alarms(999, 200)).toBeLessThan(0.07);
});
