import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { DirectWriter } from "./direct-writer.ts";
import { openStore, StoreRefusal } from "./index.ts";
import { temporaryFolder } from "./temporary-folder.support.ts";

const table = {
  room: "letters",
  id: "001",
  up: ["CREATE TABLE letters (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"],
};
const insert = "INSERT INTO letters (text) VALUES (?)";

async function opened() {
  const location = join(await temporaryFolder(), "t.db");
  const store = await openStore({ location, migrations: [table], direct: true });
  onTestFinished(() => store.close());
  return { location, store };
}

test("small units and large ones are written in the order in which they came, at once or one by one", async () => {
  const { store } = await opened();
  const expected: string[] = [];
  const write = (size: number) => {
    const texts = Array.from({ length: size }, (_, i) => `${expected.length + i}`);
    expected.push(...texts);
    return store.write([{ sql: insert, rows: texts.map((text) => [text]) }]);
  };
  for (const size of [1, 500, 1, 3, 40, 1]) await write(size);
  await Promise.all([1, 500, 1, 3, 40, 1, 1, 1].map(write));
  const found = await store.read<{ text: string }>("SELECT text FROM letters ORDER BY id");
  expect(found.map(({ text }) => text)).toEqual(expected);
});

test("a small unit that is refused, or fails in the middle, is undone", async () => {
  const { store } = await opened();
  await store.write([{ sql: insert, params: ["a"] }]);
  const guard = { sql: "SELECT text FROM letters WHERE text = 'a'", refuse: "there" };
  await expect(store.write([{ sql: insert, params: ["b"] }, guard])).rejects.toBeInstanceOf(StoreRefusal);
  await expect(store.write([{ sql: insert, rows: [["c"], ["a"]] }])).rejects.toMatchObject({
    code: "SCANFLOW_STORE_CONSTRAINT",
  });
  expect(await store.read("SELECT text FROM letters")).toEqual([{ text: "a" }]);
});

test("a small unit waits for another process on another thread: this one goes on", async () => {
  const { location, store } = await opened();
  const other = new DatabaseSync(location);
  other.exec("BEGIN IMMEDIATE");
  let isWritten = false;
  const writing = store.write([{ sql: insert, params: ["a"] }]).then(() => {
    isWritten = true;
  });
  expect(await store.read("SELECT text FROM letters")).toEqual([]);
  expect(isWritten).toBe(false);
  other.exec("COMMIT");
  other.close();
  await writing;
  expect(await store.read("SELECT text FROM letters")).toEqual([{ text: "a" }]);
});

test("what may touch many rows does not hold up this thread", async () => {
  const { store } = await opened();
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)`;
  await store.write([{ sql: `${numbers} INSERT INTO letters (text) SELECT 'x' || i FROM n` }]);
  let isWritten = false;
  const update = { sql: "UPDATE letters SET text = text || ?", params: ["y"] };
  const writing = store.write([update]).finally(() => {
    isWritten = true;
  });
  let turns = 0;
  for (; !isWritten; turns++) await new Promise(setImmediate);
  await writing;
  // On this thread it would take a handful of turns, however long they are.
  expect(turns).toBeGreaterThan(50);
});

test("many small units do not let the log grow without end", async () => {
  const { location, store } = await opened();
  for (let i = 0; i < 4000; i++) await store.write([{ sql: insert, params: [`${i}`] }]);
  expect((await stat(`${location}-wal`)).size).toBeLessThan(16 * 2 ** 20);
});

test("nor do long values", async () => {
  const { location, store } = await opened();
  const long = "x".repeat(500_000);
  for (let i = 0; i < 80; i++) await store.write([{ sql: insert, params: [`${i}${long}`] }]);
  expect((await stat(`${location}-wal`)).size).toBeLessThan(24 * 2 ** 20);
});

test("once nobody takes over the log, nothing is added to it on this thread", async () => {
  const { location } = await opened();
  const setup = { location, migrations: [], durability: "process", role: "writer" } as const;
  const limits = { busyTimeoutMs: 0, cacheBytes: 100_000, mapBytes: 0 };
  const lost = new DirectWriter({ ...setup, ...limits }, () =>
    Promise.reject(new Error("the thread has ended")),
  );
  onTestFinished(() => lost.close());
  const add = (text: string) => lost.write([[{ sql: insert, params: [text] }]]);
  let written = 0;
  while (written < 1000 && add(`${written}`)) written += 1;
  expect(written).toBeLessThan(1000);
  await new Promise(setImmediate);
  expect(add("after")).toBeUndefined();
});
