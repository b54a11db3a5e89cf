import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openObjectStore } from "../objects/index.ts";
import { type S3rver, startS3rver, useS3 } from "../objects/s3rver.support.ts";
import { type ContentStore, digestBytes, type FolderEntry, openContentStore } from "./index.ts";
import { objectContent } from "./object-content.ts";
import { temporaryFolder, temporaryStore } from "./testing/temporary-folder.support.ts";

let server: S3rver;
let count = 0;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

const closing = (store: ContentStore) => {
  onTestFinished(() => store.close());
  return store;
};

/** Each with the path of the file that holds what is stored under a key. */
const makes = {
  "a folder": async () => {
    const root = temporaryFolder();
    return { store: closing(await openContentStore(root)), fileOf: (key: string) => join(root, key) };
  },
  "objects of a folder": async () => {
    const root = temporaryFolder();
    const store = closing(objectContent(await openObjectStore(pathToFileURL(root).href)));
    return { store, fileOf: (key: string) => join(root, key) };
  },
  S3: async () => {
    useS3(server.endpoint);
    count += 1;
    const store = closing(await openContentStore(`s3://bucket/c${count}`));
    const root = join(server.directory, "bucket", `c${count}`);
    return { store, fileOf: (key: string) => join(root, `${key}._S3rver_object`) };
  },
};

const chunk = randomBytes(1 << 20);

async function* bytes(...parts: (string | Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield typeof part === "string" ? Buffer.from(part) : part;
  }
}

const large = () => bytes(...Array.from({ length: 20 }, () => chunk), "end");
const largeHash = createHash("sha256");
for (let i = 0; i < 20; i++) largeHash.update(chunk);
const largeDigest = `sha256:${largeHash.update("end").digest("hex")}`;

const keyOf = (digest: string) => `sha256/${digest.slice(7, 9)}/${digest.slice(7)}`;

async function text(opened: Promise<{ stream: NodeJS.ReadableStream; size: number }>): Promise<string> {
  const { stream, size } = await opened;
  const read = await buffer(stream);
  expect(read.length).toBe(size);
  return read.toString();
}

async function folderOf(store: ContentStore, files: Record<string, string>) {
  const entries: FolderEntry[] = [];
  for (const [path, content] of Object.entries(files)) {
    const { digest, size } = await store.put(bytes(content));
    entries.push({ kind: "file", path, digest, size });
  }
  return { entries, folder: await store.putFolder(entries) };
}

describe.each(Object.entries(makes))("in %s", (_, make) => {
  test("small and large content is stored under its digest and read back whole and in parts", async () => {
    const { store } = await make();
    const small = await store.put(bytes("hel", "lo"));
    expect(small).toEqual({ digest: digestBytes("hello"), size: 5, kind: "file" });
    expect(await text(store.open(small.digest))).toBe("hello");
    expect(await text(store.open(small.digest, { start: 1, end: 2 }))).toBe("el");
    expect(await text(store.open((await store.put(bytes())).digest))).toBe("");
    expect(await store.put(large())).toEqual({ digest: largeDigest, size: (20 << 20) + 3, kind: "file" });
    const { stream } = await store.open(largeDigest);
    const hash = createHash("sha256");
    for await (const part of stream) hash.update(part);
    expect(`sha256:${hash.digest("hex")}`).toBe(largeDigest);
    expect(await text(store.open(largeDigest, { start: 20 << 20 }))).toBe("end");
    expect(await store.verify(largeDigest)).toEqual(await store.stat(largeDigest));
    for (const range of [{ start: 5, end: 5 }, { start: 7 }, { end: 9 }, { start: -1 }]) {
      await expect(store.open(small.digest, range)).rejects.toMatchObject({
        code: "SCANFLOW_ARTIFACT_RANGE",
      });
    }
  });

  test("what breaks off, is too large or begins as a manifest is not stored", async () => {
    const { store } = await make();
    const fault = new Error("broke off");
    await expect(store.put(bytes("a", fault))).rejects.toBe(fault);
    await expect(store.put(bytes(...Array.from({ length: 9 }, () => chunk), fault))).rejects.toBe(fault);
    await expect(store.put(large(), { limitBytes: 10 << 20 })).rejects.toMatchObject({
      code: "SCANFLOW_ARTIFACT_TOO_LARGE",
    });
    const reserved = expect.objectContaining({ code: "SCANFLOW_ARTIFACT_RESERVED" });
    await expect(store.put(bytes("\0scan", "flow folder\0x"))).rejects.toEqual(reserved);
    const beginning = Buffer.concat([Buffer.from("\0scanflow folder\0"), chunk]);
    await expect(store.put(bytes(beginning, chunk, chunk, chunk, chunk, chunk))).rejects.toEqual(reserved);
    const sweep = { live: [], graceMs: 0, now: Date.now() + 60_000 };
    expect(await store.sweep(sweep)).toEqual({ removed: 0, bytes: 0, kept: 0, young: 0 });
  });

  test("a folder is stored once its files are, and opened by the paths in it", async () => {
    const { store } = await make();
    const { entries, folder } = await folderOf(store, { "a/one": "1", "b two": "22" });
    expect(folder).toMatchObject({ kind: "folder", size: 3 });
    expect(await store.entries(folder.digest)).toEqual(entries);
    expect(await text(store.openEntry(folder.digest, "a/one"))).toBe("1");
    expect([await store.has(folder.digest), await store.stat(folder.digest)]).toEqual([true, folder]);
    expect(await store.verify(folder.digest)).toEqual(folder);
    const code = async (work: Promise<unknown>) => work.catch((error: { code: string }) => error.code);
    const none = digestBytes("nowhere");
    expect(await code(store.openEntry(folder.digest, "a"))).toBe("SCANFLOW_ARTIFACT_ENTRY");
    expect(await code(store.open(folder.digest))).toBe("SCANFLOW_ARTIFACT_KIND");
    expect(await code(store.entries(digestBytes("1")))).toBe("SCANFLOW_ARTIFACT_KIND");
    expect(await code(store.open(none))).toBe("SCANFLOW_ARTIFACT_MISSING");
    expect(await code(store.verify(none))).toBe("SCANFLOW_ARTIFACT_MISSING");
    expect(await code(store.open("sha256:../../x"))).toBe("SCANFLOW_ARTIFACT_DIGEST");
    expect([await store.has(none), await store.stat(none)]).toEqual([false, undefined]);
    const missing = [{ kind: "file" as const, path: "x", digest: none, size: 1 }];
    expect(await code(store.putFolder(missing))).toBe("SCANFLOW_ARTIFACT_MISSING");
  });

  test("a sweep takes what is neither live, pinned, new nor in a folder that is", async () => {
    const { store } = await make();
    const { folder } = await folderOf(store, { a: "in the folder" });
    const [live, pinned, loose] = await Promise.all(
      ["live", "pinned", "loose"].map((one) => store.put(bytes(one))),
    );
    const release = store.pin(pinned?.digest ?? "");
    const options = { live: [folder.digest, live?.digest ?? ""], graceMs: 1000, now: Date.now() };
    const later = { ...options, now: Date.now() + 3_600_000 };
    expect(await store.sweep(options)).toMatchObject({ removed: 0 });
    expect(await store.sweep({ ...later, dryRun: true })).toEqual({
      removed: 1,
      bytes: 5,
      kept: 4,
      young: 0,
    });
    expect(await store.sweep({ ...later, only: [digestBytes("elsewhere")] })).toMatchObject({ removed: 0 });
    expect(await store.has(loose?.digest ?? "")).toBe(true);
    expect(await store.sweep(later)).toEqual({ removed: 1, bytes: 5, kept: 4, young: 0 });
    expect(await store.has(loose?.digest ?? "")).toBe(false);
    release();
    expect(await store.sweep({ ...later, live: [], only: [folder.digest] })).toMatchObject({ removed: 2 });
    expect(await store.sweep({ ...later, live: [] })).toMatchObject({ removed: 2, kept: 0 });
    const malformed = store.sweep({ ...later, live: ["nonsense"] });
    await expect(malformed).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_DIGEST" });
  });

  test("damaged content is never given whole, and can be stored anew", async () => {
    const { store, fileOf } = await make();
    const content = randomBytes(3 << 20);
    const { digest } = await store.put(bytes(content));
    const path = fileOf(keyOf(digest));
    const damaged = await readFile(path);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    await chmod(path, 0o644);
    await writeFile(path, damaged);
    const given: Uint8Array[] = [];
    const read = async () => {
      for await (const part of (await store.open(digest)).stream) given.push(part);
    };
    await expect(read()).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
    expect(Buffer.concat(given).length).toBeLessThan(content.length);
    expect(await store.has(digest)).toBe(false);
    await expect(store.open(digest)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_MISSING" });
    await store.put(bytes(content));
    expect(content.equals(await buffer((await store.open(digest)).stream))).toBe(true);
  });

  test("artifacts are copied to and from a store of another make", async () => {
    const { store } = await make();
    const { store: other } = await temporaryStore();
    const { folder } = await folderOf(store, { a: "1", b: "22" });
    const file = await store.put(bytes("file"));
    expect(await store.copyTo(other, [folder.digest, file.digest])).toEqual({ copied: 2, bytes: 7 });
    expect(await text(other.openEntry(folder.digest, "b"))).toBe("22");
    expect(await other.copyTo(store, [folder.digest])).toEqual({ copied: 0, bytes: 0 });
    const { folder: second } = await folderOf(other, { c: "333" });
    expect(await other.copyTo(store, [second.digest])).toEqual({ copied: 1, bytes: 3 });
    expect(await text(store.openEntry(second.digest, "c"))).toBe("333");
  });
});

test("an unfinished upload of long ago is removed from S3 by a sweep", async () => {
  const { store } = await makes.S3();
  const objects = await openObjectStore(`s3://bucket/c${count}`);
  onTestFinished(() => objects.close());
  await objects.put("incoming/left-behind", Buffer.from("x"));
  await store.sweep({ live: [], graceMs: 0, now: Date.now() + 3_600_000 });
  expect(await objects.head("incoming/left-behind")).toBeDefined();
  await store.sweep({ live: [], graceMs: 0, now: Date.now() + 2 * 24 * 3_600_000 });
  expect(await objects.head("incoming/left-behind")).toBeUndefined();
});

test.each([true, false])(
  "a download from S3 that is broken off, begun: %s, lets go of its connection",
  async (begun) => {
    const closed = Promise.withResolvers<void>();
    const http = createServer((_, response) => {
      response.once("close", closed.resolve);
      response.writeHead(200, { "content-length": 1e9 });
      response.write(chunk);
      response.write(chunk);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void http.close());
    useS3(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const store = closing(objectContent(await openObjectStore("s3://bucket")));
    const { stream } = await store.open(largeDigest);
    if (begun) await stream[Symbol.asyncIterator]().next();
    stream.destroy();
    await closed.promise;
  },
);

test("a bucket that does not exist is told when the store is opened", async () => {
  useS3(server.endpoint);
  await expect(openContentStore("s3://no-such-bucket/x")).rejects.toMatchObject({
    code: "SCANFLOW_OBJECT_BUCKET",
    message: expect.stringContaining("s3://no-such-bucket/x"),
  });
});
