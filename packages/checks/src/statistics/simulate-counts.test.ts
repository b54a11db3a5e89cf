import { expect, test } from "vitest";
import { chiSquareTail } from "../maths/incomplete-gamma.ts";
import { logFactorial } from "../maths/log-gamma.ts";
import { createRandom } from "../random/random.ts";
import { drawHypergeometric, type Urn } from "./hypergeometric.ts";
import { simulateCounts } from "./simulate-counts.ts";
import { simulatedPValue } from "./simulated-p-value.ts";

const DRAWS = 40_000;

function chance({ marked, others, drawn }: Urn, hits: number): number {
  const choose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(choose(marked, hits) + choose(others, drawn - hits) - choose(marked + others, drawn));
}

test.each([
  ["few marked", { marked: 5, others: 40, drawn: 20 }],
  ["few drawn", { marked: 70, others: 60, drawn: 6 }],
  ["many, by the ratio of uniforms", { marked: 60, others: 140, drawn: 80 }],
  ["more marked than others, more drawn than left", { marked: 300, others: 120, drawn: 350 }],
  ["rare among very many", { marked: 2_000, others: 500_000, drawn: 5_000 }],
])("draws follow the hypergeometric law: %s", (_, urn) => {
  const random = createRandom(3, "hypergeometric");
  const seen = new Map<number, number>();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const hits = drawHypergeometric(urn, random);
    seen.set(hits, (seen.get(hits) ?? 0) + 1);
  }
  let chiSquare = 0;
  let cells = 0;
  for (let hits = 0; hits <= Math.min(urn.marked, urn.drawn); hits += 1) {
    const possible = urn.drawn - hits <= urn.others;
    const expected = possible ? DRAWS * chance(urn, hits) : 0;
    if (expected < 5) continue;
    chiSquare += ((seen.get(hits) ?? 0) - expected) ** 2 / expected;
    cells += 1;
  }
  expect(chiSquareTail(chiSquare, Math.max(1, cells - 1))).toBeGreaterThan(1e-4);
});

test("a part has its size, and no bin more than there is", () => {
  const random = createRandom(1, "part");
  const pooled = [3, 0, 400, 17, 1];
  const into = new Float64Array(5);
  for (const size of [0, 1, 5, 210, 420, 421]) {
    simulateCounts(pooled, { size, random, into });
    expect(into.reduce((sum, count) => sum + count, 0)).toBe(size);
    for (const [bin, count] of into.entries()) expect(count).toBeLessThanOrEqual(pooled[bin] ?? 0);
  }
});

test("p values are even under the null hypothesis, and stop early where nothing is rare", () => {
  const random = createRandom(5, "p");
  const found = Array.from({ length: 2_000 }, () =>
    simulatedPValue(random.uniform(), random.uniform, { most: 400, power: 1, exact: () => 0 }),
  );
  for (const level of [0.05, 0.2, 0.5]) {
    const share = found.filter(({ pValue }) => pValue <= level).length / found.length;
    expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / 2_000) + 0.01);
  }
  expect(found.filter(({ draws }) => draws < 400).length).toBeGreaterThan(1_500);
});

test("beyond the draws the tail is continued, on the safe side: an exponential law is known", () => {
  const random = createRandom(6, "tail");
  const exponential = () => -Math.log(1 - random.uniform());
  for (const observed of [8, 12, 16]) {
    const options = { most: 1_000, power: 1, exact: () => 0 } as const;
    const { pValue, extrapolated } = simulatedPValue(observed, exponential, options);
    expect(extrapolated).toBe(true);
    expect(pValue).toBeGreaterThan(Math.exp(-observed) / 3);
    expect(pValue).toBeLessThan(Math.exp(-observed) * 60);
  }
  expect(simulatedPValue(1, () => 1, { most: 200, power: 2 }).pValue).toBeGreaterThan(0.9);
  expect(simulatedPValue(2, () => 1, { most: 200, power: 2 }).pValue).toBeCloseTo(1 / 201, 12);
});
