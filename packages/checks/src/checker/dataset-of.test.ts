import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { profileColumns } from "../profile/profile-columns.ts";
import { datasetOf, datasetOfProfile } from "./dataset-of.ts";

const parts = [batchOf({ x: [1, 2] }), batchOf({ x: [3] })];

test("rows are read as often as asked, and sum up to one profile", async () => {
  const dataset = datasetOf("window", parts);
  for (let time = 0; time < 2; time += 1) {
    const read: ColumnBatch[] = [];
    for await (const batch of dataset.batches?.() ?? []) read.push(batch);
    expect(read).toEqual(parts);
  }
  expect(await dataset.profile()).toEqual(profileColumns({ x: [1, 2, 3] }, { seed: 1 }));
});

test("one batch is a table, too", async () => {
  expect((await datasetOf("window", batchOf({ x: [1, 2, 3] })).profile()).rows).toBe(3);
});

test("a profile is made once for each whose bins it is counted in", async () => {
  let reads = 0;
  async function* read() {
    reads += 1;
    yield* parts;
  }
  const dataset = datasetOf("window", read, { seed: 4, sampleSize: 2 });
  const like = profileColumns({ x: [0, 9] }, { seed: 1 });
  expect(await dataset.profile(like)).toBe(await dataset.profile(like));
  expect(await dataset.profile()).toBe(await dataset.profile());
  expect(reads).toBe(2);
  expect(await dataset.profile(like)).toMatchObject({ seed: 4, columns: [{ histogram: { cuts: [9] } }] });
});

test("a profile like another keeps as many rows as that one", async () => {
  const like = profileColumns({ x: [0, 9] }, { seed: 1, sampleSize: 7 });
  const dataset = datasetOf("window", parts, { seed: 1, sampleSize: 2 });
  expect((await dataset.profile(like)).sample.limit).toBe(7);
  expect((await dataset.profile()).sample.limit).toBe(2);
});

test("of a profile alone there are no rows to read", async () => {
  const profile = profileColumns({ x: [1] }, { seed: 1 });
  const dataset = datasetOfProfile("reference", profile);
  expect(dataset.batches).toBeNull();
  expect(await dataset.profile()).toBe(profile);
});
