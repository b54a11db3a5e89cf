import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Migration, openStore, type Store, StoreRefusal, toStatement } from "./index.ts";
import { temporaryFolder } from "./temporary-folder.support.ts";
import { onPostgres, testLocation } from "./test-location.support.ts";

interface Tables {
  items: { id: number; name: string; weight: number | null };
  parts: { item: number; name: string };
}

const migrations: Migration[] = [
  {
    room: "test",
    id: "001",
    up: [
      "CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL, weight DOUBLE PRECISION)",
      "CREATE TABLE parts (item BIGINT REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED, name TEXT)",
    ],
  },
];
const insert = "INSERT INTO items (id, name, weight) VALUES (?, ?, ?)";

describe.each(onPostgres ? ["a server"] : ["a file", ":memory:"])("a store in %s", (where) => {
  let store: Store<Tables>;

  beforeEach(async () => {
    const location = where === ":memory:" ? where : await testLocation();
    store = await openStore<Tables>({ location, migrations });
    onTestFinished(() => store.close());
  });

  test("a read that starts after a write was answered sees it", async () => {
    for (let id = 0; id < 50; id++) {
      await store.write([{ sql: insert, params: [id, "a", null] }]);
      expect(await store.read("SELECT count(*) AS n FROM items")).toEqual([{ n: id + 1 }]);
    }
  });

  test("whole numbers up to 2^53 and every double come back as they were", async () => {
    const whole = fc.maxSafeInteger();
    const weight = fc.double({ noNaN: true });
    await fc.assert(
      fc.asyncProperty(whole, weight, fc.string({ unit: "grapheme" }), async (id, heavy, name) => {
        fc.pre(!name.includes("\0"));
        await store.write([{ sql: "DELETE FROM items" }, { sql: insert, params: [id, name, heavy] }]);
        const [row] = await store.read<Tables["items"]>("SELECT * FROM items");
        expect(row?.id === id && row.weight === heavy && row.name === name).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("a unit is written as a whole or not at all, and its neighbours in the group stand", async () => {
    const outcomes = await Promise.allSettled([
      store.write([{ sql: insert, params: [1, "a", null] }]),
      store.write([
        { sql: insert, params: [2, "b", null] },
        { sql: insert, params: [1, "twice", null] },
      ]),
      store.write([{ sql: "INSERT INTO parts VALUES (99, 'nobody')" }]),
      store.write([{ sql: insert, params: [3, "c", null] }]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    for (const outcome of outcomes.slice(1, 3)) {
      expect(outcome).toMatchObject({ reason: { code: "SCANFLOW_STORE_CONSTRAINT" } });
    }
    expect(await store.read("SELECT id FROM items ORDER BY id")).toEqual([{ id: 1 }, { id: 3 }]);
    expect(await store.read("SELECT * FROM parts")).toEqual([]);
  });

  test("a guard that finds rows undoes its unit and says what it found", async () => {
    await store.write([{ sql: insert, params: [1, "a", null] }]);
    const refused = store.write([
      { sql: insert, params: [2, "b", null] },
      { sql: "SELECT id, name FROM items WHERE id = ? AND name <> ?", rows: [[1, "z"]], refuse: "taken" },
    ]);
    await expect(refused).rejects.toBeInstanceOf(StoreRefusal);
    await expect(refused).rejects.toMatchObject({
      code: "SCANFLOW_STORE_REFUSED",
      tag: "taken",
      rows: [{ id: 1, name: "a" }],
    });
    expect(await store.read("SELECT count(*) AS n FROM items")).toEqual([{ n: 1 }]);
  });

  test("results tell the changes and the returned rows of each statement", async () => {
    const results = await store.write([
      {
        sql: insert,
        rows: [
          [1, "a", 0.5],
          [2, "b", 1.5],
        ],
      },
      { sql: "UPDATE items SET weight = weight * 2 WHERE id = ? RETURNING id, weight", rows: [[1], [2]] },
      { sql: "DELETE FROM items" },
    ]);
    expect(results).toEqual([
      { changes: 2, rows: [] },
      {
        changes: 2,
        rows: [
          { id: 1, weight: 1 },
          { id: 2, weight: 3 },
        ],
      },
      { changes: 2, rows: [] },
    ]);
  });

  test("Kysely reads through the seam and compiles for write", async () => {
    const db = await store.kysely();
    const values = { id: 7, name: "seven", weight: null };
    await store.write([toStatement(db.insertInto("items").values(values).compile())]);
    expect(await db.selectFrom("items").selectAll().where("id", "=", 7).execute()).toEqual([values]);
    await expect(db.deleteFrom("items").execute()).rejects.toMatchObject({
      code: "SCANFLOW_STORE_READ_ONLY",
    });
    expect(
      await store.snapshot([{ sql: "SELECT 1 AS one" }, db.selectFrom("items").select("id").compile()]),
    ).toEqual([[{ one: 1 }], [{ id: 7 }]]);
  });

  test("reading cannot change data, and a wrong statement has a code", async () => {
    await store.write([{ sql: insert, params: [1, "a", null] }]);
    await expect(store.read("DELETE FROM items")).rejects.toHaveProperty("code");
    await expect(store.read("SELEC")).rejects.toMatchObject({ code: "SCANFLOW_STORE_SQL" });
    expect(await store.read("SELECT count(*) AS n FROM items")).toEqual([{ n: 1 }]);
  });

  test("close waits for what was asked and refuses what comes after", async () => {
    const writes = Array.from({ length: 20 }, (_, id) =>
      store.write([{ sql: insert, params: [id, "x", null] }]),
    );
    await store.close();
    expect(await Promise.all(writes)).toHaveLength(20);
    await expect(store.read("SELECT 1")).rejects.toMatchObject({ code: "SCANFLOW_STORE_CLOSED" });
    await expect(store.write([{ sql: "SELECT 1" }])).rejects.toMatchObject({ code: "SCANFLOW_STORE_CLOSED" });
  });
});

test("units of many ticks are all there, each once, after a mix of good and bad ones", async () => {
  const location = await testLocation();
  const store = await openStore<Tables>({ location, migrations, readers: 2 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 60 }), async (pairs) => {
      await store.write([{ sql: "DELETE FROM items" }]);
      const outcomes = await Promise.allSettled(
        pairs.map(([a, b]) =>
          store.write([
            {
              sql: insert,
              rows: [
                [a, "a", null],
                [b, "b", null],
              ],
            },
          ]),
        ),
      );
      // The law: written in the order asked for, a pair is refused exactly when one of its ids is taken.
      const taken = new Set<number>();
      const expected = pairs.map(([a, b]) => {
        if (a === b || taken.has(a) || taken.has(b)) return "rejected";
        taken.add(a).add(b);
        return "fulfilled";
      });
      expect(outcomes.map(({ status }) => status)).toEqual(expected);
      const rows = await store.read<{ id: number }>("SELECT id FROM items");
      expect(new Set(rows.map(({ id }) => id))).toEqual(taken);
    }),
    { numRuns: 30 },
  );
  await store.close();
});

test.skipIf(onPostgres)(
  "after compacting no byte of what was deleted is in the files, and what stays is read as before",
  async () => {
    const folder = await temporaryFolder();
    const store = await openStore<Tables>({ location: join(folder, "test.db"), migrations });
    onTestFinished(() => store.close());
    const doomed = Array.from({ length: 400 }, (_, id) => [
      id,
      `unforgettable ${id} ${"x".repeat(200)}`,
      null,
    ]);
    await store.write([{ sql: insert, rows: [...doomed, [1000, "stays", 1]] }]);
    await store.write([{ sql: "DELETE FROM items WHERE id < 1000" }]);
    const written = async () =>
      Promise.all((await readdir(folder)).map(async (name) => readFile(join(folder, name))));
    expect((await written()).some((bytes) => bytes.includes("unforgettable"))).toBe(true);
    await store.compact();
    const after = await written();
    expect(after.some((bytes) => bytes.includes("unforgettable"))).toBe(false);
    expect(after.some((bytes) => bytes.includes("stays"))).toBe(true);
    expect(await store.read("SELECT id, name FROM items")).toEqual([{ id: 1000, name: "stays" }]);
    await store.write([{ sql: insert, params: [2, "later", null] }]);
    expect(await store.read("SELECT count(*) AS n FROM items")).toEqual([{ n: 2 }]);
  },
);

test.skipIf(onPostgres)(
  "a database and the folder that is made for it are readable by its user alone",
  async () => {
    const folder = join(await temporaryFolder(), "tracker");
    const store = await openStore<Tables>({ location: join(folder, "t.db"), migrations });
    onTestFinished(() => store.close());
    await store.write([{ sql: insert, params: [1, "a", null] }]);
    const modes = [];
    for (const name of ["", "t.db", "t.db-wal", "t.db-shm"]) {
      modes.push(((await stat(join(folder, name))).mode & 0o777).toString(8));
    }
    expect(modes).toEqual(["700", "600", "600", "600"]);
  },
);

test.skipIf(onPostgres)("a place where no file can be made is refused as such", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "plain"), "");
  for (const location of [join(folder, "plain", "t.db"), folder]) {
    await expect(openStore({ location, migrations })).rejects.toMatchObject({
      code: "SCANFLOW_STORE_OPEN",
      message: expect.stringMatching(/may write|writable/),
    });
  }
});
