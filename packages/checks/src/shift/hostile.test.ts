import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { checkContext } from "../checker/check-context.ts";
import { datasetOf } from "../checker/dataset-of.ts";
import { bars } from "../detector/detector.support.ts";
import type { JsonObject } from "../json/json.ts";
import { createRandom } from "../random/random.ts";
import { shiftChecker } from "./shift-checker.ts";

const rows = (count: number, read: (row: number) => number | string | null) =>
  Array.from({ length: count }, (_, row) => read(row));
const random = createRandom(9);
const numbers = (count: number) => rows(count, () => random.uniform()) as number[];
const reference = batchOf({ x: numbers(60), y: numbers(60) });

function check(window: ColumnBatch, known: ColumnBatch | null = reference, params: JsonObject = {}) {
  const context = checkContext("shift", { params: { simulations: 100, ...params } });
  return shiftChecker(datasetOf("today", window), known && datasetOf("june", known), context);
}

test.each<[string, ColumnBatch, ColumnBatch, RegExp, readonly string[]]>([
  ["an empty window", batchOf({ x: [], y: [] }), reference, /today has 0 rows/, []],
  ["one row", batchOf({ x: [1], y: [1] }), reference, /today has 1 row .*10 are the least/, []],
  ["an empty reference", reference, batchOf({ x: [], y: [] }), /"x" cannot be compared/, ["x"]],
  ["a small reference", reference, batchOf({ x: numbers(9), y: numbers(9) }), /june has 9 rows/, []],
  [
    "a column that is all missing",
    batchOf({ x: numbers(20), y: rows(20, () => null) }),
    reference,
    /"y" cannot be compared: all 20 values of the window are missing/,
    ["y"],
  ],
  [
    "an infinite value",
    batchOf({ x: [Number.POSITIVE_INFINITY, ...numbers(19)], y: numbers(20) }),
    reference,
    /"x" cannot be compared: 1 value of the window is infinite/,
    ["x"],
  ],
  [
    "an infinite value of the reference",
    reference,
    batchOf({ x: [Number.NEGATIVE_INFINITY, ...numbers(59)], y: numbers(60) }),
    /"x" cannot be compared: 1 value of the reference is infinite/,
    ["x"],
  ],
  [
    "texts for numbers",
    batchOf({ x: rows(20, (row) => `t${row}`) as string[], y: numbers(20) }),
    reference,
    /"x" cannot be compared: it holds texts, in the reference numbers/,
    ["x"],
  ],
  ["a missing column", batchOf({ x: numbers(20) }), reference, /"y".*not in today/, ["y"]],
  [
    "an unseen column",
    batchOf({ x: numbers(20), y: numbers(20), z: numbers(20) }),
    reference,
    /"z".*not in june/,
    ["z"],
  ],
  ["no column at all", { rows: 20, columns: [] }, { rows: 60, columns: [] }, /no column to look at/, []],
  ["images without a runtime", bars(20, 1), bars(90, 2), /set `onnx`/, []],
])(
  "%s makes the verdict invalid, which says where and what to do",
  async (_, window, known, told, columns) => {
    const verdict = await check(window, known);
    expect(verdict).toMatchObject({ status: "invalid", columns });
    expect(verdict.message).toMatch(told);
  },
);

test("constant columns are judged: the same constant is no shift, another one is", async () => {
  const constant = (count: number, value: number) =>
    batchOf({ x: numbers(count), c: rows(count, () => value) });
  expect((await check(constant(20, 1), constant(60, 1))).status).toBe("ok");
  const verdict = await check(constant(20, 2), constant(60, 1));
  expect(verdict).toMatchObject({ status: "alarm", columns: ["c"] });
});

test("values that are missing more often than before are a shift", async () => {
  const holes = (count: number, share: number) =>
    batchOf({
      x: rows(count, () => (random.uniform() < share ? null : random.uniform())) as (number | null)[],
    });
  expect(await check(holes(100, 0.6), holes(200, 0.1))).toMatchObject({ status: "alarm", columns: ["x"] });
});

test("without a reference there is nothing to say", async () => {
  expect(await check(reference, null)).toMatchObject({ status: "invalid", message: /no reference/ });
});

test.each<[JsonObject, RegExp]>([
  [{ significance: 0.01 }, /"significance" is 0.01, not 0.05 or more with 100 simulations/],
  [{ kind: "forest" }, /"kind" is "forest", not one of autoencoder, pca, neighbours, none/],
  [{ simulations: 5 }, /"simulations" is 5, not a whole number from 100 to 10000/],
  [{ columns: "x" }, /"columns" is "x", not a list/],
])("the params %j are refused", async (params, told) => {
  await expect(check(reference, reference, params)).rejects.toThrow(told);
});
