import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { createProfiler } from "./profiler.ts";
import { createRowRank } from "./row-hash.ts";
import { sampleBatch } from "./sample-columns.ts";
import { sampleRows } from "./sample-rows.ts";

/** Batches of a column that holds each row's number, of these sizes one after the other. */
function batchesOf(sizes: readonly number[], firstRow: number) {
  let next = firstRow;
  return sizes.map((size) => {
    const x = Float64Array.from({ length: size }, (_, at) => next + at);
    next += size;
    return { batch: batchOf({ x }), row: next - size };
  });
}

describe("laws", () => {
  test("the rows of least rank are kept, by rising rank, with their values, whatever the batches", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 60 }),
        fc.integer(),
        fc.nat(2 ** 40),
        (list, limit, seed, first) => {
          const sample = sampleRows(limit, seed);
          const batches = batchesOf(list, first);
          for (const { batch, row } of batches) sample.add(batch, row);
          const rank = createRowRank(seed);
          const all = batches.flatMap(({ batch, row }) =>
            Array.from({ length: batch.rows }, (_, at) => row + at),
          );
          const wanted = all.sort((a, b) => rank(a) - rank(b)).slice(0, limit);
          const { rows, columns } = sample.close([]);
          expect(rows).toEqual(wanted);
          expect(columns).toEqual([{ kind: "number", name: "x", integer: true, values: wanted }]);
        },
      ),
    );
  });
});

test("ranks differ by the seed, and beyond four thousand million rows", () => {
  const rank = createRowRank(1);
  expect(rank(5)).not.toBe(createRowRank(2)(5));
  expect(rank(5)).not.toBe(rank(5 + 2 ** 32));
  expect(new Set(Array.from({ length: 20_000 }, (_, row) => rank(row))).size).toBe(20_000);
});

test("the kept rows of a table lie anywhere in it, and no two seeds keep the same ones", () => {
  const rows = 100_000;
  const profiler = [1, 2].map((seed) => createProfiler({ seed, sampleSize: 1_000 }));
  for (const { batch } of batchesOf(new Array<number>(50).fill(rows / 50), 0)) {
    for (const each of profiler) each.add(batch);
  }
  const [first = [], second = []] = profiler.map((each) => each.finish().sample.rows);
  const tenths = new Array<number>(10).fill(0);
  for (const row of first) tenths[Math.floor(row / 10_000)] = (tenths[Math.floor(row / 10_000)] ?? 0) + 1;
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  expect(chiSquare).toBeLessThan(27.88); // The 0.999 quantile with 9 degrees of freedom.
  const known = new Set(first);
  expect(second.filter((row) => known.has(row)).length).toBeLessThan(30); // 10 are expected.
});

test("tensors come back bit by bit", () => {
  const values = Float32Array.of(0.1, Math.PI, 1e-45, 3.4e38, -0.3333333, 16_777_215, 1 / 3, Number.NaN, 0.7);
  const profiler = createProfiler({ seed: 1 });
  profiler.add({ rows: 1, columns: [{ kind: "tensor", name: "x", validity: null, shape: [9], values }] });
  const [column] = sampleBatch(JSON.parse(JSON.stringify(profiler.finish()))).columns;
  expect(column).toMatchObject({ values });
});

test("of large tensors fewer rows are kept, the first of the sample", () => {
  const profiler = createProfiler({ seed: 1, sampleSize: 9 });
  const values = new Float32Array(8 * 50_000).map((_, at) => Math.floor(at / 50_000));
  profiler.add({
    rows: 8,
    columns: [{ kind: "tensor", name: "x", validity: null, shape: [50_000], values }],
  });
  const { sample } = profiler.finish();
  const [column] = sample.columns;
  expect(sample.rows).toHaveLength(8);
  expect(column?.values.map((row) => (row as number[])[0])).toEqual(sample.rows.slice(0, 5));
});
