import { expect, test } from "vitest";
import { normal } from "../../random/normal.ts";
import { createRandom, type Random } from "../../random/random.ts";
import type { Measured, MeasuredColumn } from "./measured.ts";
import { prepareShiftTest } from "./shift-test.ts";

const REPETITIONS = 150;

function column(kind: MeasuredColumn["kind"], of: string, numbers: Float64Array): MeasuredColumn {
  return { kind, of: [of], numbers };
}

/** Two parts that depend on each other, of all kinds of columns. @param by how far the first column is moved */
function measure(rows: number, random: Random, by = 0): Measured {
  const numbers = () => Float64Array.from({ length: rows }, () => normal(random));
  const x = numbers().map((value) => value + by);
  const twice = x.map((value) => 2 * value);
  const levels = Float64Array.from({ length: rows }, () => Math.floor(5 * random.uniform() ** 2));
  const waves = [numbers(), numbers()].map((values) => ({ ...column("means", "", values), of: [] }));
  return {
    rows,
    parts: [
      {
        name: "first",
        effectName: "D",
        kind: "columns",
        columns: [column("values", "x", x), column("values", "y", numbers()), column("levels", "l", levels)],
      },
      { name: "second", effectName: "D", kind: "columns", columns: [column("values", "twice", twice)] },
      { name: "third", effectName: "D", kind: "whole", columns: waves },
    ],
  };
}

/** At a rate of .05 more than 16 of 150 have a chance of .002, none one of .0005. */
test.each([
  [100, 40],
  [50, 200],
])(
  "a reference of %i rows, windows of %i: p is at most .05 in one window of twenty, and so is each part's",
  (all, rows) => {
    const random = createRandom(1, `${all}/${rows}`);
    const rings = [0, 0, 0, 0];
    for (let seed = 0; seed < REPETITIONS; seed += 1) {
      const judge = prepareShiftTest(measure(all, random)).calibrate({ rows, draws: 100, seed });
      const { pValue, parts } = judge(measure(rows, random));
      for (const [at, p] of [pValue, ...parts.map((part) => part.pValue)].entries()) {
        rings[at] = (rings[at] ?? 0) + Number(p <= 0.05);
      }
    }
    for (const found of rings) {
      expect(found).toBeGreaterThanOrEqual(1);
      expect(found).toBeLessThanOrEqual(16);
    }
  },
);

test("what was moved is found, in the parts that see it and with its effect", () => {
  const random = createRandom(2);
  const judge = prepareShiftTest(measure(400, random)).calibrate({ rows: 100, draws: 400, seed: 1 });
  const { pValue, parts } = judge(measure(100, random, 1));
  expect(pValue).toBeLessThan(0.01);
  const [first, second, third] = parts;
  expect(second?.pValue).toBeLessThan(0.01);
  expect(third?.pValue).toBeGreaterThan(0.05);
  const [x, y] = first?.columns ?? [];
  // D of normals that lie one standard deviation apart is 0.38.
  expect(x?.effect).toBeGreaterThan(0.25);
  expect(x?.effect).toBeLessThan(0.5);
  expect(x?.pValue).toBeLessThan(0.01);
  expect(y?.pValue).toBeGreaterThan(0.05);
  expect(y?.effectByChance).toBeGreaterThan(0.05);
});

test("a level that the reference never showed does not ring by one row", () => {
  const levels = (numbers: readonly number[]): Measured => ({
    rows: numbers.length,
    parts: [
      {
        name: "levels",
        effectName: "total variation",
        kind: "columns",
        columns: [column("levels", "l", Float64Array.from(numbers))],
      },
    ],
  });
  const two = (rows: number) => Array.from({ length: rows }, (_, row) => row % 2);
  const judge = prepareShiftTest(levels(two(400))).calibrate({ rows: 50, draws: 400, seed: 1 });
  expect(judge(levels([...two(49), 7])).pValue).toBeGreaterThan(0.05);
  expect(judge(levels([...two(40), ...Array.from({ length: 10 }, () => 7)])).pValue).toBeLessThan(0.01);
});
