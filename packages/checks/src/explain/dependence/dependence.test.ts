import { describe, expect, test } from "vitest";
import type { Matrix } from "../../maths/matrix.ts";
import { createRandom } from "../../random/random.ts";
import { expectClose, matrixOf, predictor, rowOf } from "../explain.support.ts";
import { accumulatedLocalEffects } from "./accumulated-local-effects.ts";
import { partialDependence } from "./partial-dependence.ts";

const random = createRandom(9);
const rows = matrixOf(Array.from({ length: 400 }, () => [random.uniform() * 4 - 2, random.uniform(), 7]));
const model = predictor(([a = 0, b = 0]) => [a ** 2 + 3 * b, a * b]);
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const columnOf = ({ columns, values }: Matrix, column: number) =>
  values.filter((_, at) => at % columns === column);

describe("partial dependence", () => {
  test("of a sum is the feature's own part, moved by the mean of the rest", async () => {
    const { grid, mean: curve } = await partialDependence(
      model,
      { rows, feature: 0 },
      { grid: [-1, 0, 0.5] },
    );
    expect([...grid]).toEqual([-1, 0, 0.5]);
    const rest = 3 * mean(columnOf(rows, 1));
    expectClose(columnOf(curve, 0), [1 + rest, rest, 0.25 + rest], 12);
  });

  test("has a line for each row, and their mean is the curve", async () => {
    const { grid, mean: curve, individual } = await partialDependence(model, { rows, feature: 0 });
    expect(grid).toHaveLength(20);
    const b = columnOf(rows, 1)[3] ?? 0;
    expectClose(
      rowOf(individual[1], 3),
      grid.map((a) => a * b),
      12,
    );
    const means = Array.from(grid, (_, point) => mean(columnOf(individual[1] as Matrix, point)));
    expectClose(columnOf(curve, 1), means, 12);
  });

  test("takes each value of a feature that has few, from its lowest to its highest", async () => {
    expect([...(await partialDependence(model, { rows, feature: 2 })).grid]).toEqual([7]);
    const { grid } = await partialDependence(model, { rows, feature: 0 });
    const sorted = columnOf(rows, 0).sort();
    expect([grid[0], grid.at(-1)]).toEqual([sorted[0], sorted.at(-1)]);
  });

  test("refuses a feature that is not there or has no value", async () => {
    await expect(partialDependence(model, { rows, feature: 3 })).rejects.toThrow(/no feature 3 among 3/);
    const empty = matrixOf([[1, null, 7]]);
    await expect(partialDependence(model, { rows: empty, feature: 1 })).rejects.toThrow(
      /feature 1 has no value/,
    );
  });
});

describe("accumulated local effects", () => {
  test("of a linear feature are a straight line through the mean", async () => {
    const { edges, effects, counts } = await accumulatedLocalEffects(model, { rows, feature: 1 });
    const found = columnOf(effects, 0);
    for (let at = 1; at < edges.length; at += 1) {
      const slope = ((found[at] ?? 0) - (found[at - 1] ?? 0)) / ((edges[at] ?? 0) - (edges[at - 1] ?? 0));
      expect(slope).toBeCloseTo(3, 9);
    }
    expect(counts.reduce((a, b) => a + b)).toBe(400);
    const middle = counts.map(
      (count, at) => (count * ((found[at] ?? 0) + (found[Math.max(0, at - 1)] ?? 0))) / 2,
    );
    expect(mean(middle)).toBeCloseTo(0, 10);
  });

  test("keep two features that hang together apart, where partial dependence asks about rows that are not", async () => {
    // b follows a; far from that line the model answers nonsense.
    const together = matrixOf(
      Array.from({ length: 500 }, (_, row) => [row / 500, row / 500 + 0.01 * random.uniform()]),
    );
    const strange = predictor(([a = 0, b = 0]) => [Math.abs(a - b) > 0.1 ? 1_000 : a]);
    const { edges, effects } = await accumulatedLocalEffects(strange, { rows: together, feature: 0 });
    expectClose(
      effects.values.map((effect, at) => effect - (edges[at] ?? 0)),
      edges.map(() => (effects.values[0] ?? 0) - (edges[0] ?? 0)),
      9,
    );
    const { mean: misled } = await partialDependence(strange, { rows: together, feature: 0 });
    expect(Math.max(...misled.values)).toBeGreaterThan(500);
  });

  test("of a constant feature are nothing, and rows where it is missing are left out", async () => {
    const { effects, counts } = await accumulatedLocalEffects(model, { rows, feature: 2 });
    expect([...effects.values]).toEqual([0, 0]);
    expect(counts).toEqual([400]);
    const some = matrixOf([
      [1, 2, 3],
      [null, 2, 3],
      [2, 2, 3],
    ]);
    expect((await accumulatedLocalEffects(model, { rows: some, feature: 0 })).counts).toEqual([0, 2]);
  });
});
