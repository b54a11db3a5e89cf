import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryTreeWithLinks } from "./testing/arbitrary-tree.support.ts";
import { damage, storedAt } from "./testing/damage.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";
import { readTree, writeTree } from "./testing/tree.support.ts";

const modes = ["auto", "copy", "link"] as const;
const large = Buffer.alloc(3_000_000, "large ");

test("what is put back is what was published", async () => {
  const { store, work } = await temporaryStore();
  await fc.assert(
    fc.asyncProperty(
      arbitraryTreeWithLinks,
      fc.constantFrom(...modes),
      fc.boolean(),
      async (tree, mode, move) => {
        const path = writeTree(join(work, "tree"), tree);
        const { digest } = await store.publish(path, { move });
        await store.materialise(digest, join(work, "back"), { mode });
        const back = readTree(join(work, "back"));
        expect(back).toEqual(tree);
        expect(await store.publish(join(work, "back"))).toMatchObject({ digest });
        rmSync(path, { recursive: true, force: true });
        rmSync(join(work, "back"), { recursive: true });
        expect(readdirSync(work)).toEqual([".store"]);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  ["small", Buffer.from("content")],
  ["large", large],
])(
  "a copy of a %s file is writable and apart from the store, a link is read-only and the same file",
  async (_, bytes) => {
    const { store, work } = await temporaryStore();
    const { digest, size } = await store.put(Readable.from([bytes]));
    for (const mode of modes) {
      const path = join(work, "new", "folders", mode);
      expect(await store.materialise(digest, path, { mode })).toEqual({ digest, size, kind: "file" });
      expect(readFileSync(path).equals(bytes)).toBe(true);
      const shared = statSync(path).ino === statSync(storedAt(store, digest)).ino;
      expect(shared).toBe(mode === "link");
      expect(statSync(path).mode & 0o222).toBe(mode === "link" ? 0 : 0o200 | (0o022 & ~process.umask()));
      if (!shared) writeFileSync(path, "changed");
    }
    await store.verify(digest);
  },
);

test("an executable stays one and is never a link, since the stored file is none", async () => {
  const { store, work } = await temporaryStore();
  const tree = writeTree(join(work, "tree"), {
    "run.sh": { file: "#!/bin/sh", executable: true },
    a: { file: "#!/bin/sh" },
  });
  const { digest } = await store.publish(tree);
  for (const mode of modes) {
    await store.materialise(digest, join(work, mode), { mode });
    expect(statSync(join(work, mode, "run.sh")).mode & 0o100).toBe(0o100);
    expect(statSync(join(work, mode, "a")).mode & 0o111).toBe(0);
  }
  expect(statSync(join(work, "link", "run.sh")).mode & 0o777).toBe(0o555);
});

test("nothing that lies at the destination is overwritten", async () => {
  const { store, work } = await temporaryStore();
  const file = await store.put(Readable.from([Buffer.from("content")]));
  const folder = await store.publish(writeTree(join(work, "tree"), { a: { file: "" } }));
  writeFileSync(join(work, "there"), "mine");
  mkdirSync(join(work, "empty"));
  for (const { digest } of [file, folder]) {
    for (const place of [join(work, "there"), join(work, "empty")]) {
      await expect(store.materialise(digest, place)).rejects.toMatchObject({
        code: "SCANFLOW_ARTIFACT_DESTINATION",
        message: expect.stringContaining(place),
      });
    }
  }
  expect(readFileSync(join(work, "there"), "utf8")).toBe("mine");
});

test("an artifact that the store does not hold is named", async () => {
  const { store, work } = await temporaryStore();
  const digest = `sha256:${"0".repeat(64)}`;
  await expect(store.materialise(digest, join(work, "out"))).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_MISSING",
    message: expect.stringContaining(digest),
  });
  expect(await store.has(digest)).toBe(false);
  expect(await store.stat(digest)).toBeUndefined();
});

test.each(modes.flatMap((mode) => [[mode, "small"] as const, [mode, "large"] as const]))(
  "in mode %s a damaged %s file is set aside, nothing appears, and publishing anew heals it",
  async (mode, length) => {
    const { store, work } = await temporaryStore();
    const bytes = length === "small" ? Buffer.from("content") : large;
    const { digest } = await store.put(Readable.from([bytes]));
    const other = await store.put(Readable.from([Buffer.from("other")]));
    damage(storedAt(store, digest));

    await expect(store.materialise(digest, join(work, "out"), { mode })).rejects.toMatchObject({
      code: "SCANFLOW_ARTIFACT_CORRUPT",
      message: expect.stringContaining(digest),
    });
    expect(readdirSync(work)).toEqual([".store"]);
    expect(await store.has(digest)).toBe(false);
    expect(readdirSync(join(store.root, "quarantine"))).toHaveLength(1);
    await store.verify(other.digest);

    await store.put(Readable.from([bytes]));
    await store.materialise(digest, join(work, "out"), { mode });
    expect(readFileSync(join(work, "out")).equals(bytes)).toBe(true);
  },
);

test("a damaged file of a folder is named by its path; the folder is no longer there as a whole", async () => {
  const { store, work } = await temporaryStore();
  const tree = { "a/weights.bin": { file: "weights" }, "a/other": { file: "other" } };
  const { digest } = await store.publish(writeTree(join(work, "tree"), tree));
  const entries = await store.entries(digest);
  const damaged = entries.find((entry) => entry.path === "a/weights.bin");
  if (damaged?.kind !== "file") throw new Error("the folder lost its file");
  chmodSync(storedAt(store, damaged.digest), 0o644);
  truncateSync(storedAt(store, damaged.digest), 3);
  expect(await store.has(digest)).toBe(false);

  const refused = { code: "SCANFLOW_ARTIFACT_CORRUPT", message: expect.stringContaining("a/weights.bin") };
  await expect(store.materialise(digest, join(work, "out"))).rejects.toMatchObject(refused);
  await expect(store.verify(digest)).rejects.toMatchObject({ ...refused, code: "SCANFLOW_ARTIFACT_MISSING" });
  expect(existsSync(join(work, "out"))).toBe(false);

  expect(await store.publish(join(work, "tree"))).toMatchObject({ digest });
  await store.materialise(digest, join(work, "out"));
  expect(readTree(join(work, "out"))).toEqual(tree);
});

test("a damaged manifest is set aside before anything is read from it", async () => {
  const { store, work } = await temporaryStore();
  const { digest } = await store.publish(writeTree(join(work, "tree"), { a: { file: "a" } }));
  damage(storedAt(store, digest, "folders"));
  await expect(store.materialise(digest, join(work, "out"))).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_CORRUPT",
    message: expect.stringContaining("manifest"),
  });
  expect(await store.has(digest)).toBe(false);
});

test("has answers no to a damaged manifest", async () => {
  const { store, work } = await temporaryStore();
  const { digest } = await store.publish(writeTree(join(work, "tree"), { a: { file: "a" } }));
  damage(storedAt(store, digest, "folders"));
  expect(await store.has(digest)).toBe(false);
  expect(await store.publish(join(work, "tree"))).toMatchObject({ digest });
  await store.verify(digest);
});
