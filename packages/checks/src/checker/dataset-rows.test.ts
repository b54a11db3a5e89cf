import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { datasetOf, datasetOfProfile } from "./dataset-of.ts";
import { gatherRows } from "./dataset-rows.ts";

const empty = batchOf({ x: [] as number[], y: [] as number[] });

function shapeOf({ rows, columns }: Awaited<ReturnType<typeof gatherRows>>) {
  return [rows, columns.map(({ name }) => name)];
}

test("batches become one, of the columns that were asked for and are there", async () => {
  const dataset = datasetOf("a", [batchOf({ x: [1], y: [2] }), empty, batchOf({ x: [3, 4], y: [5, 6] })]);
  expect(shapeOf(await gatherRows(dataset))).toEqual([3, ["x", "y"]]);
  const { rows, columns } = await gatherRows(dataset, ["y", "z"]);
  expect(rows).toBe(3);
  expect(columns).toMatchObject([{ name: "y", values: Float64Array.of(2, 5, 6) }]);
});

test("a table without rows still has its columns", async () => {
  expect(shapeOf(await gatherRows(datasetOf("a", [empty, empty])))).toEqual([0, ["x", "y"]]);
});

test("of a profile the rows are those of its sample", async () => {
  const profile = await datasetOf("a", batchOf({ x: [1, 2, 3] })).profile();
  expect(shapeOf(await gatherRows(datasetOfProfile("a", profile)))).toEqual([3, ["x"]]);
});
