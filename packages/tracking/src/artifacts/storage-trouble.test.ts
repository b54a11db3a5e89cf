import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { openArtifactStore } from "./index.ts";
import { drafts } from "./testing/damage.support.ts";
import { makeReadOnly, smallDisk } from "./testing/system.support.ts";
import { temporaryFolder, temporaryStore } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";

const tooMuch = Buffer.alloc(6_000_000, "too much ");

test("a full disk is said so, and leaves what was stored and nothing else", async ({ skip }) => {
  const disk = smallDisk(4) ?? skip("this user may not mount a small disk");
  const store = await openArtifactStore({ root: join(disk, "store") });
  const earlier = await store.put(Readable.from([Buffer.from("earlier")]));
  const work = temporaryFolder();
  writeFileSync(join(work, "file"), tooMuch);
  const files = Array.from(
    { length: 600 },
    (_, index) => [`f${index}`, { file: `${index} `.repeat(4000) }] as const,
  );
  const tree = writeTree(join(work, "tree"), Object.fromEntries(files));

  const full = {
    code: "SCANFLOW_STORAGE_FULL",
    message: expect.stringMatching(/ENOSPC.*scanflow gc/),
  };
  await expect(store.publish(join(work, "file"))).rejects.toMatchObject(full);
  await expect(store.publish(join(work, "file"), { move: true })).rejects.toMatchObject(full);
  await expect(store.put(Readable.from([tooMuch]))).rejects.toMatchObject(full);
  await expect(store.publish(tree)).rejects.toMatchObject(full);
  expect(drafts(store)).toEqual([]);
  expect(existsSync(join(work, "file"))).toBe(true);
  await store.verify(earlier.digest);

  await store.sweep({ live: [earlier.digest], graceMs: 0, now: Date.now() + 60_000 });
  expect(await store.put(Readable.from([tooMuch.subarray(0, 1_500_000)]))).toMatchObject({ size: 1_500_000 });
});

test("a full destination is left without a trace of the artifact", async ({ skip }) => {
  const disk = smallDisk(2) ?? skip("this user may not mount a small disk");
  const { store, work } = await temporaryStore();
  const file = await store.put(Readable.from([tooMuch]));
  const folder = await store.publish(
    writeTree(join(work, "tree"), { a: { file: "a" }, b: { file: tooMuch.toString() } }),
  );
  for (const { digest } of [file, folder]) {
    for (const mode of ["auto", "copy", "link"] as const) {
      await expect(store.materialise(digest, join(disk, "out"), { mode })).rejects.toMatchObject({
        code: "SCANFLOW_STORAGE_FULL",
        message: expect.stringContaining(join(disk, "out")),
      });
    }
  }
  expect(readdirSync(disk)).toEqual([]);
});

test("a folder that may not be written is named", async ({ skip }) => {
  const isRoot = process.getuid?.() === 0;
  const folder = isRoot
    ? (smallDisk(1) ?? skip("root may write everywhere, and may not mount a read-only disk"))
    : temporaryFolder();
  if (isRoot) makeReadOnly(folder);
  else chmodSync(folder, 0o555);

  const denied = { code: "SCANFLOW_STORAGE_DENIED", message: expect.stringContaining(folder) };
  await expect(openArtifactStore({ root: join(folder, "store") })).rejects.toMatchObject(denied);
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([Buffer.from("content")]));
  await expect(store.materialise(digest, join(folder, "out"))).rejects.toMatchObject(denied);
});

test("any other trouble is coded, too, with what the system said as its cause", async () => {
  const { store, work } = await temporaryStore();
  mkdirSync(join(work, "a"));
  const { digest } = await store.put(Readable.from([Buffer.from("content")]));
  await expect(store.materialise(digest, join(work, "a", "n".repeat(300)))).rejects.toMatchObject({
    code: "SCANFLOW_STORAGE_FAILED",
    cause: expect.objectContaining({ code: "ENAMETOOLONG" }),
  });
  expect(readdirSync(join(work, "a"))).toEqual([]);
});
