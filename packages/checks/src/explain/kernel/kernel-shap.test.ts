import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, matrixOf, predictor, rowOf, shapleyOf } from "../explain.support.ts";
import type { Predict } from "../predict.ts";
import fixture from "./fixtures/kernel.json" with { type: "json" };
import { kernelShap } from "./kernel-shap.ts";

const at = (row: readonly number[], place: number) => row[place] ?? 0;
const interactions = (row: readonly number[]) =>
  row.slice(1).reduce((sum, value, place) => sum + value * at(row, place), Math.sin(at(row, 0)));
const models: Record<string, Predict> = {
  interactions: predictor((row) => [interactions(row)]),
  two: predictor((row) => {
    const p = 1 / (1 + Math.exp(-(at(row, 0) - at(row, 1) * at(row, 2))));
    return [1 - p, p];
  }),
};

describe("against shap", () => {
  test.each(fixture.cases)("$name, link $link", async (sample) => {
    const { base, values } = await kernelShap(models[sample.name] as Predict, matrixOf(sample.rows), {
      background: matrixOf(sample.background),
      link: sample.link === "logit" ? "logit" : "identity",
    });
    expectClose(base, sample.base, 10);
    for (const [row, features] of sample.values.entries()) {
      for (const output of base.keys()) {
        expectClose(
          rowOf(values[output], row),
          features.map((outputs) => outputs[output] as number),
          9,
        );
      }
    }
  });
});

const numbers = (length: number) =>
  fc.array(fc.integer({ min: -8, max: 8 }), { minLength: length, maxLength: length });

test("all coalitions give the Shapley values of the definition", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 5 })
        .chain((columns) =>
          fc.tuple(numbers(columns), fc.array(numbers(columns), { minLength: 1, maxLength: 3 })),
        ),
      async ([row, background]) => {
        const game = (coalition: number) => {
          const worths = background.map((other) =>
            interactions(other.map((value, place) => ((coalition >> place) & 1 ? at(row, place) : value))),
          );
          return worths.reduce((a, b) => a + b, 0) / worths.length;
        };
        const { values } = await kernelShap(models.interactions as Predict, matrixOf([row]), {
          background: matrixOf(background),
        });
        expectClose(values[0]?.values, shapleyOf(row.length, game), 8);
      },
    ),
    { numRuns: 60 },
  );
});

describe("of many features, by draws", () => {
  const columns = 24;
  const row = Array.from({ length: columns }, (_, place) => Math.cos(place));
  const background = matrixOf([row.map((value, place) => value * Math.sin(place + 1)), row.map(() => 0.1)]);
  const explain = (samples: number, seed = 1) =>
    kernelShap(models.interactions as Predict, matrixOf([row]), { background, samples, seed });

  test("contributions add up to the answer", async () => {
    const { base, values } = await explain(200);
    const sum = (values[0]?.values ?? new Float64Array()).reduce((a, b) => a + b, base[0] ?? 0);
    expect(sum).toBeCloseTo(interactions(row), 10);
  });

  test("the same seed gives the same values, another seed others", async () => {
    const [first, again, other] = [await explain(200), await explain(200), await explain(200, 2)];
    expect(again.values).toEqual(first.values);
    expect(other.values).not.toEqual(first.values);
  });

  test("interactions of two are exact all the same, as every draw has its complement", async () => {
    // Exact values of a game of pairs: each pair's gain is told apart from what its members gain alone.
    const exact = row.map((_, player) => {
      let sum = 0;
      for (const other of [background.values.slice(0, columns), background.values.slice(columns)]) {
        for (const first of [player - 1, player]) {
          if (first < 0 || first + 1 >= columns) continue;
          const partner = first === player ? player + 1 : first;
          const gain = at(row, player) - (other[player] ?? 0);
          sum += (gain * (at(row, partner) + (other[partner] ?? 0))) / 2;
        }
        if (player === 0) sum += Math.sin(at(row, 0)) - Math.sin(other[0] ?? 0);
      }
      return sum / 2;
    });
    const { values } = await explain(400);
    expectClose(values[0]?.values, exact, 10);
  });
});

test("columns of a group are known together", async () => {
  const { features, values } = await kernelShap(models.interactions as Predict, matrixOf([[1, 2, 3, 4]]), {
    background: matrixOf([[0, 0, 0, 0]]),
    groups: [
      { name: "left", columns: [0, 1] },
      { name: "right", columns: [2, 3] },
    ],
  });
  expect(features).toEqual(["left", "right"]);
  // Of 1·2 + 2·3 + 3·4 + sin 1, the middle product is shared.
  expect(values[0]?.values[0]).toBeCloseTo(2 + 3 + Math.sin(1), 12);
  expect(values[0]?.values[1]).toBeCloseTo(12 + 3, 12);
});

test("stops when it is not wanted any more", async () => {
  let asked = 0;
  const signal = {
    aborted: false,
    throwIfAborted() {
      asked += 1;
      if (asked > 1) throw new Error("stopped");
    },
  };
  const rows = matrixOf([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const explained = kernelShap(models.interactions as Predict, rows, {
    background: matrixOf([[0, 0, 0]]),
    signal,
  });
  await expect(explained).rejects.toThrow("stopped");
});

describe("refuses", () => {
  const row = matrixOf([[1, 2]]);
  const good: Predict = predictor(() => [1]);

  test.each<[string, Predict, RegExp]>([
    ["too few rows of answers", () => matrixOf([]), /answered 0 rows when asked for 1/],
    ["NaN", predictor(() => [Number.NaN]), /answered NaN in row 0, output 0/],
    ["an infinite answer", predictor(() => [Number.POSITIVE_INFINITY]), /answered Infinity in row 0/],
    ["something else", () => "no" as never, /did not answer a matrix/],
    [
      "another number of values",
      () => ({ rows: 1, columns: 2, values: new Float64Array(1) }),
      /1 values for 1 × 2/,
    ],
    [
      "an error",
      () => {
        throw new Error("no such column");
      },
      /failed on 1 rows of 2 features: no such column/,
    ],
  ])("a predictor that answers %s", async (_, predict, message) => {
    await expect(kernelShap(predict, row, { background: row })).rejects.toMatchObject({
      code: "SCANFLOW_PREDICTOR_INVALID",
      message: expect.stringMatching(message),
    });
  });

  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    ["no row", () => kernelShap(good, matrixOf([]), { background: row }), "EXPLAIN_INPUT", /no row/],
    [
      "a narrow background",
      () => kernelShap(good, row, { background: matrixOf([[1]]) }),
      "EXPLAIN_INPUT",
      /1 columns, but/,
    ],
    [
      "names that are too few",
      () => kernelShap(good, row, { background: row, features: ["a"] }),
      "EXPLAIN_INPUT",
      /1 names/,
    ],
    [
      "no samples",
      () => kernelShap(good, row, { background: row, samples: 0 }),
      "CHECK_OPTION",
      /"samples" is 0/,
    ],
    [
      "a column in no group",
      () => kernelShap(good, row, { background: row, groups: [{ name: "a", columns: [1] }] }),
      "EXPLAIN_INPUT",
      /1 of 2 columns are in no group/,
    ],
    [
      "a column in two groups",
      () => kernelShap(good, row, { background: row, groups: [{ name: "a", columns: [1, 1] }] }),
      "EXPLAIN_INPUT",
      /column 1, which is in another group/,
    ],
    [
      "log odds of 1",
      () => kernelShap(good, row, { background: row, link: "logit" }),
      "PREDICTOR",
      /1 has no log odds/,
    ],
  ])("%s", async (_, explain, code, message) => {
    await expect(explain()).rejects.toMatchObject({
      code: `SCANFLOW_${code}_INVALID`,
      message: expect.stringMatching(message),
    });
  });
});
