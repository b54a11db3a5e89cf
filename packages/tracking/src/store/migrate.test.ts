import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Migration, openStore } from "./index.ts";
import { temporaryFolder } from "./temporary-folder.support.ts";
import { testLocation } from "./test-location.support.ts";

const first: Migration = { room: "cars", id: "001", up: ["CREATE TABLE cars (plate TEXT PRIMARY KEY)"] };
const second: Migration = { room: "cars", id: "002", up: ["ALTER TABLE cars ADD COLUMN wheels BIGINT"] };

async function opened(location: string, migrations: Migration[]) {
  const store = await openStore({ location, migrations });
  return { store, close: () => store.close() };
}

test("migrations are applied once, in order, and kept", async () => {
  const location = await testLocation();
  const before = await opened(location, [first]);
  await before.store.write([{ sql: "INSERT INTO cars VALUES ('AB')" }]);
  await before.close();
  for (let time = 0; time < 2; time++) {
    const { store, close } = await opened(location, [first, second]);
    expect(await store.read("SELECT * FROM cars")).toEqual([{ plate: "AB", wheels: null }]);
    expect(await store.read("SELECT room, id FROM migrations ORDER BY id")).toEqual([
      { room: "cars", id: "001" },
      { room: "cars", id: "002" },
    ]);
    await close();
  }
});

test("a database that is ahead of the code is refused and left as it is", async () => {
  const location = await testLocation();
  await (await opened(location, [first, second])).close();
  await expect(openStore({ location, migrations: [first] })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_NEWER",
    message: expect.stringContaining("cars/002"),
  });
  await (await opened(location, [first, second])).close();
});

test("an edited migration is refused", async () => {
  const location = await testLocation();
  await (await opened(location, [first])).close();
  const edited = { ...first, up: ["CREATE TABLE cars (plate TEXT)"] };
  await expect(openStore({ location, migrations: [edited] })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_ALTERED",
  });
});

test("a migration that fails leaves nothing of any migration behind", async () => {
  const location = await testLocation();
  const wrong = {
    room: "cars",
    id: "002",
    up: ["CREATE TABLE bikes (x TEXT)", "CREATE TABLE cars (x TEXT)"],
  };
  await expect(openStore({ location, migrations: [first, wrong] })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_MIGRATION",
  });
  const { store, close } = await opened(location, [first]);
  await store.write([{ sql: "CREATE TABLE bikes (n BIGINT)" }]);
  await close();
});

test("a file that is no database is refused with its path", async () => {
  const location = join(await temporaryFolder(), "a.db");
  await writeFile(location, "this is certainly not a database file, it is text\n".repeat(50));
  await expect(openStore({ location, migrations: [first] })).rejects.toMatchObject({
    code: "SCANFLOW_STORE_OPEN",
    message: expect.stringContaining(location),
  });
});
