import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "./index.ts";
import { temporaryFolder } from "./temporary-folder.support.ts";

const table = { room: "letters", id: "001", up: ["CREATE TABLE letters (text TEXT NOT NULL)"] };

/**
 * Whether this process has a lock on a file, as Linux says. Where it has none on an open database, another program that
 * looks into it and goes takes itself for the last one, and takes the log away with all that is written there later.
 */
async function isHeld(location: string): Promise<boolean> {
  const { ino } = await stat(location);
  const locks = await readFile("/proc/locks", "utf8");
  return locks.split("\n").some((lock) => lock.includes(` ${process.pid} `) && lock.includes(`:${ino} `));
}

async function opened(location: string, direct: boolean) {
  const store = await openStore({ location, migrations: [table], direct });
  onTestFinished(() => store.close());
  await store.write([{ sql: "INSERT INTO letters (text) VALUES ('a')" }]);
  return store;
}

const onLinux = test.runIf(process.platform === "linux");

onLinux("a store that writes on two threads holds its file", async () => {
  const location = join(await temporaryFolder(), "t.db");
  await opened(location, true);
  expect(await isHeld(location)).toBe(true);
});

onLinux("a second store of a process takes no lock from the first", async () => {
  const location = join(await temporaryFolder(), "t.db");
  await opened(location, false);
  await opened(location, false);
  expect(await isHeld(location)).toBe(true);
});
