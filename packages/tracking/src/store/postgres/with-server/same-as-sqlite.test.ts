import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type Migration, openStore, type SqlValue } from "../../index.ts";
import { testLocation } from "../../test-location.support.ts";

const migrations: Migration[] = [
  {
    room: "test",
    id: "001",
    up: [
      `CREATE TABLE things (
        id INTEGER PRIMARY KEY, name TEXT UNIQUE, size BIGINT, weight DOUBLE PRECISION, bytes BLOB)`,
      "CREATE INDEX things_by_size ON things (size DESC, name)",
    ],
  },
];

/** The same tables in a file, or memory, and on the server. */
async function openBoth() {
  const locations = [":memory:", await testLocation()];
  const stores = await Promise.all(locations.map((location) => openStore({ location, migrations })));
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });
  return stores;
}

const insert = "INSERT INTO things (name, size, weight, bytes) VALUES (?, ?, ?, ?)";
const name = fc.string({
  unit: fc.constantFrom("a", "A", "b", "B", "_", "%", "\\", "*", "?", "[", "é", "É", "日", " "),
});

test("texts compare, sort and match patterns as they do in SQLite", async () => {
  const stores = await openBoth();
  const literal = (text: string) => text.replace(/[*?[]/g, "[$&]");
  const glob = fc
    .array(fc.oneof(fc.constantFrom("*", "?"), name.map(literal)), { maxLength: 3 })
    .map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name), name, glob, async (names, text, pattern) => {
      const answers = stores.map(async (store) => {
        await store.write([
          { sql: "DELETE FROM things" },
          { sql: insert, rows: names.map((n) => [n, 1, 1, null]) },
        ]);
        const select = (where: string) => `SELECT name FROM things WHERE ${where} ORDER BY name`;
        return store.snapshot([
          { sql: select("name < ?"), params: [text] },
          { sql: select("name LIKE ?"), params: [text] },
          { sql: select("name GLOB ?"), params: [pattern] },
          { sql: select("LOWER(name) = LOWER(?)"), params: [text] },
          { sql: "SELECT MAX(name) AS m, COUNT(*) AS n FROM things" },
        ]);
      });
      const [sqlite, postgres] = await Promise.all(answers);
      expect(postgres).toEqual(sqlite);
    }),
    { numRuns: 100, examples: [[["é"], "É", ""]] },
  );
});

test("numbers, bytes and nulls come back as they do from SQLite", async () => {
  const stores = await openBoth();
  const whole = fc.oneof(fc.maxSafeInteger(), fc.constant(null));
  const weight = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, 5e-324, -0),
  );
  const bytes = fc.oneof(fc.uint8Array(), fc.constant(null));
  await fc.assert(
    fc.asyncProperty(whole, weight, bytes, async (size, heavy, content) => {
      const answers = stores.map(async (store) => {
        const row: SqlValue[] = ["a", size, heavy, content];
        const [, , found] = await store.write([
          { sql: "DELETE FROM things" },
          { sql: insert, params: row },
          { sql: "SELECT size, weight + 0 AS weight, bytes, size IS NULL OR size > 5 AS large FROM things" },
        ]);
        return found?.rows.map((one) => ({
          ...one,
          bytes: one.bytes && Buffer.from(one.bytes as Uint8Array),
        }));
      });
      const [sqlite, postgres] = await Promise.all(answers);
      expect(postgres).toEqual(sqlite);
    }),
    { numRuns: 60 },
  );
});

test("a whole number beyond 2^53 comes back as it was, and numbers are given to rows without one", async () => {
  const [, store] = await openBoth();
  await store?.write([{ sql: insert, params: ["a", 2n ** 62n, 0, null] }]);
  await store?.write([{ sql: insert, params: ["b", 2, 0, null] }]);
  expect(await store?.read("SELECT id, size FROM things ORDER BY id")).toEqual([
    { id: 1, size: 2n ** 62n },
    { id: 2, size: 2 },
  ]);
});

test("what PostgreSQL cannot hold is refused as a value, not as a statement", async () => {
  const [, store] = await openBoth();
  for (const row of [
    ["a\0b", 1, 1, null],
    ["a", 10n ** 30n, 1, null],
  ]) {
    await expect(store?.write([{ sql: insert, params: row as SqlValue[] }])).rejects.toMatchObject({
      code: "SCANFLOW_STORE_CONSTRAINT",
    });
  }
});

test("what came at once is counted when asked", async () => {
  const [, store] = await openBoth();
  await store?.write([{ sql: "ALTER TABLE things SET (autovacuum_enabled = false)" }]);
  await store?.write([
    { sql: insert, rows: Array.from({ length: 2000 }, (_, id) => [`${id}`, id, id, null]) },
  ]);
  const counted = async () =>
    (await store?.read("SELECT most_common_vals IS NULL AS n FROM pg_stats WHERE tablename = 'things'"))
      ?.length;
  const before = await counted();
  await store?.analyze();
  expect([before, await counted()]).toEqual([0, 5]);
});

test("compacting gives back the room of what was deleted", async () => {
  const [, store] = await openBoth();
  const rows = Array.from({ length: 2000 }, (_, id) => [`name ${id} ${"x".repeat(100)}`, id, id, null]);
  await store?.write([{ sql: insert, rows }]);
  await store?.write([{ sql: "DELETE FROM things WHERE size > 5" }]);
  const size = async () => Number((await store?.read("SELECT pg_relation_size('things') AS n"))?.[0]?.n);
  expect(await size()).toBeGreaterThan(200_000);
  // PostgreSQL keeps deleted rows while any connection, one that only begins included, may look at them.
  await expect.poll(() => store?.compact().then(size)).toBe(8192);
  expect(await store?.read("SELECT COUNT(*) AS n FROM things")).toEqual([{ n: 6 }]);
});
