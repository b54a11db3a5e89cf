import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ObjectStore } from "./index.ts";
import { openObjectStore } from "./index.ts";
import { type S3rver, startS3rver, useS3 } from "./s3rver.support.ts";

let server: S3rver;
let count = 0;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

async function inFolder(): Promise<ObjectStore> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-objects-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openObjectStore(pathToFileURL(folder).href);
}

async function inS3(): Promise<ObjectStore> {
  useS3(server.endpoint);
  count += 1;
  const store = await openObjectStore(`s3://bucket/case-${count}/deep`);
  onTestFinished(() => store.close());
  return store;
}

const chunk = Buffer.alloc(1 << 20, "0123456789abcdef-");

async function* chunks(number: number, fault?: Error): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < number; i++) yield chunk;
  if (fault) throw fault;
}

async function read(store: ObjectStore, key: string, range?: { start: number; end?: number }) {
  const found = await store.get(key, range);
  return found && (await buffer(found.stream));
}

async function list(store: ObjectStore, prefix: string): Promise<string[]> {
  const found = await Array.fromAsync(store.list(prefix));
  return found.map(({ key, size }) => `${key} ${size}`);
}

/** Between letters, since s3rver takes "012" in a request for a number and " a" for "a". */
const part = fc
  .string({ unit: fc.constantFrom(..."abcABC019-_.~ ()'!$&@=+,;éß漢🏃"), maxLength: 6 })
  .map((text) => `k${text}k`);
const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

describe.each([
  ["a folder", inFolder],
  ["S3", inS3],
])("in %s", (_, open) => {
  test("what is put is there, whole, until it is deleted, whatever its key and content", async () => {
    const store = await open();
    const objects = fc.dictionary(key, fc.uint8Array({ maxLength: 50 }), { minKeys: 1, maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(objects, async (given) => {
        const keys = Object.keys(given);
        fc.pre(!keys.some((one) => keys.some((other) => other.startsWith(`${one}/`))));
        for (const one of keys) await store.put(one, given[one] ?? new Uint8Array());
        for (const one of keys) {
          expect(await read(store, one)).toEqual(Buffer.from(given[one] ?? []));
          expect((await store.head(one))?.size).toBe(given[one]?.length);
        }
        expect((await Array.fromAsync(store.list(""))).map((one) => one.key).sort()).toEqual(keys.sort());
        await store.delete(keys);
        expect(await list(store, "")).toEqual([]);
        expect(await store.get(keys[0] ?? "")).toBeUndefined();
        expect(await store.head(keys[0] ?? "")).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  test("an object is made once, by one of those that do so at the same moment", async () => {
    const store = await open();
    const texts = Array.from({ length: 8 }, (_, at) => `text ${at}`);
    const made = await Promise.all(texts.map((text) => store.create("a/b", Buffer.from(text))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(String(await read(store, "a/b"))).toBe(texts[made.indexOf(true)]);
    expect(await store.create("a/b", Buffer.from("late"))).toBe(false);
    expect(await list(store, "")).toEqual(["a/b 6"]);
    await store.delete(["a/b"]);
    expect(await store.create("a/b", Buffer.from("again"))).toBe(true);
    await expect(store.create("../b", Buffer.from(""))).rejects.toMatchObject({
      code: "SCANFLOW_OBJECT_KEY",
    });
  });

  test.each([
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "a/../b",
    "../a",
    "a\\b",
    "a\0b",
    "a\nb",
    "\ud800",
    ".incoming/x",
  ])("the key %j is refused by every method", async (wrong) => {
    const store = await open();
    const refusal = expect.objectContaining({ code: "SCANFLOW_OBJECT_KEY" });
    await expect(store.put(wrong, chunk)).rejects.toEqual(refusal);
    await expect(store.get(wrong)).rejects.toEqual(refusal);
    await expect(store.head(wrong)).rejects.toEqual(refusal);
    await expect(store.copy(wrong, "b")).rejects.toEqual(refusal);
    await expect(store.delete(["a", wrong])).rejects.toEqual(refusal);
  });

  test("keys too long for a file system are refused", async () => {
    const store = await open();
    for (const wrong of ["é".repeat(101), `${"abcdefgh/".repeat(112)}x`]) {
      await expect(store.put(wrong, chunk)).rejects.toMatchObject({ code: "SCANFLOW_OBJECT_KEY" });
    }
  });

  test("lists hold what begins with the prefix, over many pages", async () => {
    const store = await open();
    const keys = Array.from({ length: 1005 }, (_, i) => `many/${i % 3}/n${String(i).padStart(4, "0")}`);
    for (let from = 0; from < keys.length; from += 50) {
      await Promise.all(keys.slice(from, from + 50).map((one) => store.put(one, Buffer.from(one))));
    }
    await store.put("manyx", Buffer.from("x"));
    expect((await list(store, "many/")).length).toBe(1005);
    expect((await list(store, "many/1/n00")).slice(0, 2)).toEqual(["many/1/n0001 12", "many/1/n0004 12"]);
    expect((await list(store, "many")).length).toBe(1006);
    expect(await list(store, "none/")).toEqual([]);
    await expect(Array.fromAsync(store.list("../"))).rejects.toMatchObject({ code: "SCANFLOW_OBJECT_KEY" });
    await store.delete(keys);
    expect(await list(store, "")).toEqual(["manyx 1"]);
  });

  test("a stream of unknown size goes in in parts, and comes out whole or by ranges", async () => {
    const store = await open();
    await store.put("big", chunks(35));
    expect((await store.head("big"))?.size).toBe(35 << 20);
    const whole = await store.get("big");
    let size = 0;
    for await (const bytes of whole?.stream ?? []) {
      const at = size % chunk.length;
      const length = Math.min(bytes.length, chunk.length - at);
      if (!chunk.subarray(at, at + length).equals(bytes.subarray(0, length)))
        throw new Error(`differs at ${size}`);
      size += bytes.length;
    }
    expect([size, whole?.size]).toEqual([35 << 20, 35 << 20]);
    const range = { start: (35 << 20) - 3, end: 40 << 20 };
    expect(await read(store, "big", range)).toEqual(chunk.subarray(-3));
    expect(await read(store, "big", { start: 0, end: 1 })).toEqual(chunk.subarray(0, 2));
    for (const wrong of [{ start: 35 << 20 }, { start: 2, end: 1 }, { start: -1 }, { start: 0.5 }]) {
      await expect(store.get("big", wrong)).rejects.toMatchObject({ code: "SCANFLOW_OBJECT_RANGE" });
    }
  });

  test.each([1, 20])("content of %i MiB that breaks off leaves what was there before", async (mebibytes) => {
    const store = await open();
    await store.put("kept", Buffer.from("before"));
    const fault = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    await expect(store.put("kept", chunks(mebibytes, fault))).rejects.toBe(fault);
    await expect(store.put("kept", chunks(mebibytes), { size: 5 })).rejects.toMatchObject({
      code: "SCANFLOW_OBJECT_SIZE",
    });
    await expect(store.put("new", chunks(mebibytes), { size: 50 << 20 })).rejects.toMatchObject({
      code: "SCANFLOW_OBJECT_SIZE",
    });
    expect(await read(store, "kept")).toEqual(Buffer.from("before"));
    expect(await list(store, "")).toEqual(["kept 6"]);
  });

  test("a copy has the same bytes and the time of now", async () => {
    const store = await open();
    await store.put("a/from", Buffer.from("content"));
    expect(await store.copy("a/from", "b/to")).toBe(true);
    expect(await read(store, "b/to")).toEqual(Buffer.from("content"));
    expect(await store.copy("none", "b/to")).toBe(false);
    expect((await store.head("b/to"))?.modifiedMs).toBeGreaterThan(Date.now() - 3_600_000);
  });
});
