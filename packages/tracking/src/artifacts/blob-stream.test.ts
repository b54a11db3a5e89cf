import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { damage, storedAt } from "./testing/damage.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";

const bytes = Buffer.from(Uint8Array.from({ length: 700_001 }, (_, index) => (index * 7919) >> 3));

test("a range is the bytes from start to end, both included", async () => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([bytes]));
  const offset = fc.nat({ max: bytes.length - 1 });
  await fc.assert(
    fc.asyncProperty(offset, fc.option(offset, { nil: undefined }), async (one, other) => {
      const start = Math.min(one, other ?? one);
      const end = other === undefined ? undefined : Math.max(one, other);
      const { stream, size } = await store.open(digest, end === undefined ? { start } : { start, end });
      const expected = bytes.subarray(start, end === undefined ? undefined : end + 1);
      expect(size).toBe(expected.length);
      expect(expected.equals(await buffer(stream))).toBe(true);
    }),
  );
  expect(bytes.equals(await buffer((await store.open(digest)).stream))).toBe(true);
});

test.each([
  { start: -1 },
  { start: bytes.length + 1 },
  { start: 5, end: 3 },
  { end: bytes.length },
  { start: 0.5 },
  { end: Number.NaN },
])("the range %o is refused", async (range) => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([bytes]));
  await expect(store.open(digest, range)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_RANGE" });
});

test("an empty file is an empty stream", async () => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([]));
  const { stream, size } = await store.open(digest);
  expect([size, await text(stream)]).toEqual([0, ""]);
});

test("a damaged file is never given whole: the stream fails before its last bytes", async () => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([bytes]));
  damage(storedAt(store, digest));
  const { stream, size } = await store.open(digest);
  let given = 0;
  const reading = (async () => {
    for await (const chunk of stream) given += (chunk as Buffer).length;
  })();
  await expect(reading).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
  expect(given).toBeLessThan(size);
  expect(await store.has(digest)).toBe(false);
});

test("no part of a damaged file is given, not even a sound one", async () => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([bytes]));
  expect(await buffer((await store.open(digest, { end: 9 })).stream)).toEqual(bytes.subarray(0, 10));
  damage(storedAt(store, digest));
  await expect(store.open(digest, { end: 9 })).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
});

test("a stream that is given up closes its file", async () => {
  const { store } = await temporaryStore();
  const { digest } = await store.put(Readable.from([bytes]));
  const openFiles = () => readdirSync("/proc/self/fd").length;
  const before = openFiles();
  for (let index = 0; index < 20; index += 1) {
    const { stream } = await store.open(digest);
    if (index % 2 === 0) await stream[Symbol.asyncIterator]().next();
    await new Promise((closed) => stream.once("close", closed).destroy());
  }
  expect(openFiles()).toBeLessThan(before + 5);
});

test("an entry is opened by its path, links followed, and never from outside the folder", async () => {
  const { store, work } = await temporaryStore();
  const tree = writeTree(join(work, "tree"), {
    "v1/model": { file: "first" },
    "v2/model": { file: "second" },
    latest: { link: "v2" },
  });
  const { digest } = await store.publish(tree);
  const opened = await store.openEntry(digest, "latest/model");
  expect(opened.entry.path).toBe("v2/model");
  expect(await text(opened.stream)).toBe("second");
  expect(await text((await store.openEntry(digest, "v1/model", { start: 1, end: 2 })).stream)).toBe("ir");
  for (const path of ["v1", "v3/model", "", "../tree/v1/model", "/etc/passwd", "v1/model/x"]) {
    await expect(store.openEntry(digest, path)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_ENTRY" });
  }
});

test("a file is no folder and a folder no file", async () => {
  const { store, work } = await temporaryStore();
  const folder = await store.publish(writeTree(join(work, "tree"), {}));
  const file = await store.put(Readable.from([bytes]));
  await expect(store.open(folder.digest)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_KIND" });
  await expect(store.entries(file.digest)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_KIND" });
});
