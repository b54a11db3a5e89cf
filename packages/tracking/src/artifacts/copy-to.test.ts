import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { damage, storedAt } from "./testing/damage.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";
import { readTree, type Tree, writeTree } from "./testing/tree.support.ts";

const tree: Tree = {
  "a/run.sh": { file: "#!/bin/sh", executable: true },
  "a/same": { file: "same" },
  same: { file: "same" },
  empty: { folder: true },
  link: { link: "a" },
};

test("files and folders arrive whole, and what is there already is not copied again", async () => {
  const { store: from, work } = await temporaryStore();
  const { store: to, work: there } = await temporaryStore();
  const folder = await from.publish(writeTree(join(work, "tree"), tree));
  const file = await from.put(Readable.from([Buffer.alloc(2_000_000, "x")]));

  expect(await from.copyTo(to, [folder.digest, file.digest])).toEqual({
    copied: 2,
    bytes: 2_000_000 + 9 + 4,
  });
  expect(await from.copyTo(to, [file.digest, folder.digest])).toEqual({ copied: 0, bytes: 0 });
  await to.verify(file.digest);
  await to.materialise(folder.digest, join(there, "tree"));
  expect(readTree(join(there, "tree"))).toEqual(tree);
});

test("damaged or missing content does not arrive", async () => {
  const { store: from } = await temporaryStore();
  const { store: to } = await temporaryStore();
  const { digest } = await from.put(Readable.from([Buffer.alloc(2_000_000, "x")]));
  damage(storedAt(from, digest));
  await expect(from.copyTo(to, [digest])).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
  await expect(from.copyTo(to, [digest])).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_MISSING" });
  expect(await to.sweep({ live: [], graceMs: 0, now: Number.MAX_SAFE_INTEGER })).toMatchObject({
    removed: 0,
    kept: 0,
  });
});
