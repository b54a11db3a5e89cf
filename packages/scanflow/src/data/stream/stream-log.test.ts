import { batchOf } from "@scanflow/checks";
import { expect, onTestFinished, test } from "vitest";
import { batchToRows } from "./batch-to-rows.ts";
import { followStream, type StreamTask } from "./follow-stream.ts";
import { rowsToBatch } from "./rows-to-batch.ts";
import { streamLocation } from "./stream-location.test.support.ts";
import { StreamLog } from "./stream-log.ts";

async function openLog(location: string, now?: () => number): Promise<StreamLog> {
  const log = await StreamLog.open({ location, ...(now ? { now } : {}) });
  onTestFinished(() => log.close());
  return log;
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ id: `r${from + index}`, values: { x: from + index } }));
const never = new AbortController().signal;

test("records come back in order, with their ids, times and values, after a restart too", async () => {
  const location = await streamLocation();
  const log = await openLog(location, () => 5000);
  expect(await log.append("loans", [{ id: "a", timeMs: 1000, values: { age: 31, city: "Graz" } }])).toEqual({
    appended: 1,
    known: 0,
  });
  await log.append("loans", [{ values: { age: null, tags: ["x"] } }]);
  await log.close();
  const records = await (await openLog(location)).read("loans", 0);
  expect(records).toEqual([
    { position: 1, id: "a", timeMs: 1000, values: { age: 31, city: "Graz" } },
    {
      position: 2,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timeMs: 5000,
      values: { age: null, tags: ["x"] },
    },
  ]);
});

test("a record with a known id is not appended again, nor changed", async () => {
  const log = await openLog(await streamLocation());
  await log.append("s", numbered(0, 5));
  expect(await log.append("s", [{ id: "r3", values: { x: -1 } }, ...numbered(4, 7)])).toEqual({
    appended: 2,
    known: 2,
  });
  expect((await log.read("s", 0)).map(({ values }) => values.x)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("two processes' worth of logs append to one stream at once, and each record has a place of its own", async () => {
  const location = await streamLocation();
  const [first, second] = [await openLog(location), await openLog(location)];
  const batches = Array.from({ length: 20 }, (_, index) => numbered(index * 10, index * 10 + 15));
  const answers = await Promise.all(
    batches.map((batch, index) => (index % 2 === 0 ? first : second).append("s", batch)),
  );
  expect(answers.reduce((sum, { appended }) => sum + appended, 0)).toBe(205);
  const records = await first.read("s", 0);
  expect(new Set(records.map(({ id }) => id)).size).toBe(205);
  expect(new Set(records.map(({ position }) => position)).size).toBe(205);
});

test("a record that is none is refused with its place, and its batch with it", async () => {
  const log = await openLog(await streamLocation());
  const bad = [
    [{ id: "", values: {} }, 'its id is ""'],
    [{ timeMs: Number.NaN, values: {} }, "its time is null"],
    [{ values: [1] as never }, "it is [1]"],
    [{ values: { text: "x".repeat(5_000_000) } }, "characters long"],
  ] as const;
  for (const [record, message] of bad) {
    const appending = log.append("s", [{ values: { x: 1 } }, record]);
    await expect(appending).rejects.toThrow(`Record 2 cannot be appended: `);
    await expect(appending).rejects.toThrow(message);
    await expect(appending).rejects.toMatchObject({ code: "SCANFLOW_STREAM_RECORD" });
  }
  expect(await log.list()).toEqual([]);
});

test("names that are no plain words are refused", async () => {
  const log = await openLog(await streamLocation());
  for (const name of ["", "../x", "a/b", ".hidden", "x".repeat(101), "a\0"]) {
    await expect(log.append(name, [])).rejects.toMatchObject({ code: "SCANFLOW_STREAM_NAME" });
    await expect(log.consumer("s", name)).rejects.toMatchObject({ code: "SCANFLOW_STREAM_NAME" });
  }
});

test("old records go, but none that a consumer still needs", async () => {
  let now = 0;
  const log = await openLog(await streamLocation(), () => now);
  await log.keep("s", { records: 10, ms: null });
  const consumer = await log.consumer("s", "c");
  await log.append("s", numbered(0, 50));
  expect((await log.read("s", 0)).length).toBe(50);
  await consumer.commit({ position: 30, needed: 25, state: {}, outputs: [] });
  await log.append("s", numbered(50, 51));
  expect((await log.read("s", 0)).map(({ position }) => position)[0]).toBe(25);
  await log.removeConsumer("s", "c");
  await log.append("s", numbered(51, 52));
  expect((await log.read("s", 0)).map(({ values }) => values.x)).toEqual([
    42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
  ]);
  now = 10_000;
  await log.keep("s", { records: null, ms: 1000 });
  expect(await log.append("s", numbered(52, 53))).toEqual({ appended: 1, known: 0 });
  expect((await log.list())[0]).toMatchObject({ stream: "s", records: 1, last: 53, keepMs: 1000 });
});

test("a consumer goes on where it committed; what it put out is numbered without gaps", async () => {
  const location = await streamLocation();
  const log = await openLog(location);
  await log.append("s", numbered(0, 10));
  const first = await log.consumer("s", "c");
  await first.commit({ position: 4, state: { sum: 6 }, outputs: [{ position: 4, output: { verdict: 1 } }] });
  const second = await (await openLog(location)).consumer("s", "c");
  expect([second.position, second.state, second.outputs]).toEqual([4, { sum: 6 }, 1]);
  await second.commit({ position: 7, state: { sum: 9 }, outputs: [{ position: 7, output: { verdict: 2 } }] });
  expect((await log.outputs("s", "c")).map(({ number, output }) => [number, output.verdict])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect((await log.list())[0]?.consumers).toEqual([{ consumer: "c", position: 7, behind: 3 }]);
});

test("of two that follow as one consumer, the second to commit is refused and stores nothing", async () => {
  const log = await openLog(await streamLocation());
  await log.append("s", numbered(0, 3));
  const [first, second] = [await log.consumer("s", "c"), await log.consumer("s", "c")];
  const outputs = [{ position: 1, output: {} }];
  await first.commit({ position: 1, state: { by: "first" }, outputs });
  await expect(second.commit({ position: 2, state: { by: "second" }, outputs })).rejects.toMatchObject({
    code: "SCANFLOW_STREAM_TAKEN",
  });
  await first.commit({ position: 2, state: { by: "first" }, outputs });
  expect(await log.outputs("s", "c")).toHaveLength(2);
});

test("a consumer may begin behind the last record", async () => {
  const log = await openLog(await streamLocation());
  await log.append("s", numbered(0, 3));
  expect((await log.consumer("s", "late", "end")).position).toBe(3);
  expect((await log.consumer("none-yet", "late", "end")).position).toBe(0);
});

/** Puts out the sum of every three records, and fails at some records the first time that it sees them. */
function summing(state: unknown, failAt: Set<number>): StreamTask {
  let { sum, count } = (state ?? { sum: 0, count: 0 }) as { sum: number; count: number };
  return {
    async take({ position, values }) {
      if (failAt.delete(position)) throw new Error("power cut");
      sum += Number(values.x);
      count += 1;
      return count % 3 === 0 ? [{ sum }] : [];
    },
    needed: () => null,
    state: () => ({ sum, count }),
  };
}

test("a task that fails anywhere and is begun again puts out what it would have, once each", async () => {
  const log = await openLog(await streamLocation());
  await log.append("s", numbered(0, 100));
  const failAt = new Set([1, 2, 17, 18, 19, 50, 77, 100]);
  let failures = 0;
  for (;;) {
    const consumer = await log.consumer("s", "c");
    try {
      const task = summing(consumer.state, failAt);
      await followStream(log, { consumer, task }, { signal: never, end: "caught-up", batch: 7 });
      break;
    } catch (error) {
      expect(error).toMatchObject({ message: "power cut" });
      failures += 1;
    }
  }
  expect(failures).toBe(8);
  const sums = (await log.outputs("s", "c")).map(({ output }) => output.sum);
  expect(sums).toEqual(Array.from({ length: 33 }, (_, index) => ((3 * index + 2) * (3 * index + 3)) / 2));
});

test("records of several shapes are one table, with nothing where a record has no such column", () => {
  const batch = rowsToBatch(
    [
      { a: 1, at: "2026-01-02T00:00:00Z" },
      { a: null, b: "x" },
      { b: "y", c: [1, 2], a: 2.5, at: 0 },
    ],
    new Set(["at"]),
  );
  expect(batch.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["a", "number"],
    ["at", "time"],
    ["b", "text"],
    ["c", "text"],
  ]);
  expect([...batchToRows(batch)]).toEqual([
    { a: 1, at: "2026-01-02T00:00:00.000Z" },
    { b: "x" },
    { b: "y", c: "[1,2]", a: 2.5, at: "1970-01-01T00:00:00.000Z" },
  ]);
});

test("a table becomes records without what JSON cannot say", () => {
  const batch = batchOf({ x: [1, Number.NaN, null], ok: [true, false, null] });
  expect([...batchToRows(batch)]).toEqual([{ x: 1, ok: true }, { ok: false }, {}]);
});
