import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestBytes } from "./index.ts";
import { drafts, storedAt } from "./testing/damage.support.ts";
import { makePipe } from "./testing/system.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";
import { readTree, type Tree, writeTree } from "./testing/tree.support.ts";

const large = Buffer.alloc(3_000_000, "large ");

test.each([
  ["small", Buffer.from("content")],
  ["large", large],
])(
  "a %s file is stored read-only under the sha256 of its bytes, apart from the original",
  async (_, bytes) => {
    const { store, work } = await temporaryStore({ durable: true });
    const path = join(work, "file");
    writeFileSync(path, bytes);
    const artifact = await store.publish(path);
    expect(artifact).toEqual({ digest: digestBytes(bytes), size: bytes.length, kind: "file" });

    const stored = storedAt(store, artifact.digest);
    expect(statSync(stored).mode & 0o777).toBe(0o444);
    writeFileSync(path, "written after");
    expect(readFileSync(stored).equals(bytes)).toBe(true);
    expect(drafts(store)).toEqual([]);
  },
);

test.each([
  ["small", Buffer.from("content")],
  ["large", large],
])("a %s file that is moved is renamed into the store", async (_, bytes) => {
  const { store, work } = await temporaryStore({ durable: true });
  const path = join(work, "file");
  writeFileSync(path, bytes);
  const { ino } = statSync(path);
  const { digest } = await store.publish(path, { move: true });
  expect(existsSync(path)).toBe(false);
  expect(statSync(storedAt(store, digest))).toMatchObject({ ino, size: bytes.length });

  writeFileSync(path, bytes);
  await store.publish(path, { move: true });
  expect(existsSync(path)).toBe(false);
  expect(statSync(storedAt(store, digest)).ino).toBe(ino);
});

test("a moved file that has a second name is copied, so that writing to that name changes nothing", async () => {
  const { store, work } = await temporaryStore();
  writeFileSync(join(work, "file"), "content");
  linkSync(join(work, "file"), join(work, "second"));
  const { digest } = await store.publish(join(work, "file"), { move: true });
  writeFileSync(join(work, "second"), "changed");
  expect(await store.verify(digest)).toMatchObject({ size: 7 });
  expect(existsSync(join(work, "file"))).toBe(false);
});

const tree: Tree = {
  "model/weights.bin": { file: "weights" },
  "model/again.bin": { file: "weights" },
  "run.sh": { file: "#!/bin/sh", executable: true },
  "empty/inside": { folder: true },
  latest: { link: "model" },
  "模型/😀 e\u0301é": { file: "" },
};

test("a folder has one digest, moved or not, and the move leaves nothing behind", async () => {
  const { store, work } = await temporaryStore({ durable: true });
  const path = writeTree(join(work, "tree"), tree);
  const copied = await store.publish(path, { expect: "folder" });
  expect(copied).toMatchObject({ kind: "folder", size: 7 + 7 + 9 });
  expect(readTree(path)).toEqual(tree);
  expect(await store.publish(path, { move: true })).toEqual(copied);
  expect(readdirSync(work)).toEqual([".store"]);
  expect(await store.verify(copied.digest)).toEqual(copied);
});

test("an empty folder is a folder", async () => {
  const { store, work } = await temporaryStore();
  mkdirSync(join(work, "empty"));
  const artifact = await store.publish(join(work, "empty"));
  expect(artifact).toMatchObject({ kind: "folder", size: 0 });
  expect(await store.entries(artifact.digest)).toEqual([]);
});

test("an absolute link inside the folder is kept as a relative one", async () => {
  const { store, work } = await temporaryStore();
  const path = writeTree(join(work, "tree"), { "a/b": { file: "" } });
  symlinkSync(join(path, "a/b"), join(path, "a/link"));
  const { digest } = await store.publish(path);
  expect(await store.entries(digest)).toContainEqual({ kind: "link", path: "a/link", link: "b" });
});

test.each([
  ["out of the folder", "../../etc/passwd"],
  ["to an absolute path elsewhere", "/etc/passwd"],
  ["out and back in", "../../tree/a/b"],
  ["to nothing", "nothing"],
  ["to itself", "link"],
])("a folder with a link %s is refused, moved or not, and left as it was", async (_, target) => {
  const { store, work } = await temporaryStore();
  const path = writeTree(join(work, "tree"), { "a/b": { file: "b" } });
  symlinkSync(target, join(path, "a/link"));
  const before = readTree(path);
  for (const move of [false, true]) {
    await expect(store.publish(path, { move })).rejects.toMatchObject({
      code: "SCANFLOW_ARTIFACT_LINK",
      message: expect.stringContaining(join(path, "a/link")),
    });
  }
  expect(readTree(path)).toEqual(before);
  expect(drafts(store)).toEqual([]);
});

test("a link in the place of the output itself is refused", async () => {
  const { store, work } = await temporaryStore();
  symlinkSync("/etc", join(work, "out"));
  await expect(store.publish(join(work, "out"))).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_LINK" });
});

test("pipes, sockets and devices are refused without being opened", async () => {
  const { store, work } = await temporaryStore();
  const refused = { code: "SCANFLOW_ARTIFACT_SPECIAL" };
  const folder = join(work, "tree");
  mkdirSync(folder);
  const pipe = join(folder, "pipe");
  makePipe(pipe);
  await expect(store.publish(pipe)).rejects.toMatchObject(refused);
  await expect(store.publish(folder)).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining(pipe),
  });

  const server = createServer();
  const socket = join(work, "socket");
  await new Promise<void>((done) => server.listen(socket, done));
  await expect(store.publish(socket)).rejects.toMatchObject(refused);
  await new Promise((done) => server.close(done));
  await expect(store.publish("/dev/null")).rejects.toMatchObject(refused);
});

test("a name that is not UTF-8 is refused with its bytes", async () => {
  const { store, work } = await temporaryStore();
  const folder = join(work, "tree");
  mkdirSync(folder);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), "");
  await expect(store.publish(folder)).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_NAME",
    message: expect.stringContaining("636166e9"),
  });
});

test("an output that is not there, or of the wrong kind, is named", async () => {
  const { store, work } = await temporaryStore();
  const path = join(work, "out");
  await expect(store.publish(path)).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_SOURCE",
    message: expect.stringContaining(path),
  });
  writeFileSync(path, "");
  await expect(store.publish(path, { expect: "folder" })).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_KIND",
  });
  await expect(store.publish(join(path, "x"))).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_SOURCE" });
});

test("publishing again replaces a stored file that has lost bytes", async () => {
  const { store, work } = await temporaryStore();
  writeFileSync(join(work, "file"), "content");
  const { digest } = await store.publish(join(work, "file"));
  chmodSync(storedAt(store, digest), 0o644);
  writeFileSync(storedAt(store, digest), "");
  await store.publish(join(work, "file"));
  expect(await store.verify(digest)).toMatchObject({ size: 7 });
});

test("a folder of stored files can be put together, and a missing one is named", async () => {
  const { store, work } = await temporaryStore();
  const folder = await store.publish(writeTree(join(work, "tree"), { "a/b": { file: "b" } }));
  const entries = await store.entries(folder.digest);
  expect(await store.putFolder(entries)).toEqual(folder);
  const missing = { kind: "file", path: "c", digest: digestBytes("never stored"), size: 12 } as const;
  await expect(store.putFolder([...entries, missing])).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_MISSING",
    message: expect.stringContaining('"c"'),
  });
});
