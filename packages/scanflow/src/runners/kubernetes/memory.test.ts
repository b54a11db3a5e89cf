import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../bench.test.support.ts";
import { openMemory } from "./memory.ts";

const place = { run: "r", task: "t", attempt: 1, token: "k", workdir: "" };

test("a state folder is the same owner again, also under another name; a copy of it is another", async () => {
  const root = await temporaryFolder();
  const folder = join(root, "state");
  await cp(await temporaryFolder(), folder, { recursive: true });
  const first = await openMemory(folder);
  await first.keepPort(7233);
  await cp(folder, join(root, "copy"), { recursive: true });
  const copy = await openMemory(join(root, "copy"));
  expect([copy.owner === first.owner, copy.bearer(place) === first.bearer(place), copy.port]).toEqual([
    false,
    false,
    0,
  ]);
  await rename(folder, join(root, "moved"));
  const moved = await openMemory(join(root, "moved"));
  expect([moved.owner, moved.bearer(place), moved.port]).toEqual([first.owner, first.bearer(place), 7233]);
});
