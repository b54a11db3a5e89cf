import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestBytes } from "./index.ts";
import { drafts } from "./testing/damage.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";

test("however the bytes are cut, they come to the same file", async () => {
  const { store } = await temporaryStore();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 })), async (chunks) => {
      const whole = Buffer.concat(chunks);
      const artifact = await store.put(Readable.from(chunks));
      expect(artifact).toEqual({ digest: digestBytes(whole), size: whole.length, kind: "file" });
      expect(await buffer((await store.open(artifact.digest)).stream)).toEqual(whole);
    }),
    { numRuns: 40 },
  );
});

test("a source may use one buffer again and again", async () => {
  const { store } = await temporaryStore();
  async function* counting() {
    const one = new Uint8Array(1000);
    for (let value = 0; value < 2000; value += 1) yield one.fill(value);
  }
  const expected = Buffer.concat(Array.from({ length: 2000 }, (_, value) => Buffer.alloc(1000, value % 256)));
  expect((await store.put(counting())).digest).toBe(digestBytes(expected));
});

test("no more is taken from the source than is written", async () => {
  const { store } = await temporaryStore();
  const chunk = Buffer.alloc(256 * 1024);
  const ahead: number[] = [];
  async function* source() {
    for (let given = 0; given < 40; given += 1) {
      const written = drafts(store).reduce((sum, path) => sum + statSync(path).size, 0);
      ahead.push(given * chunk.length - written);
      yield chunk;
    }
  }
  await store.put(source());
  expect(Math.max(...ahead)).toBeLessThanOrEqual(1024 * 1024);
});

test("a stream over its limit is refused, one of exactly the limit is not", async () => {
  const { store } = await temporaryStore();
  const source = () => Readable.from([Buffer.alloc(6), Buffer.alloc(4)]);
  await expect(store.put(source(), { limitBytes: 9 })).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_TOO_LARGE",
  });
  expect(drafts(store)).toEqual([]);
  expect(await store.put(source(), { limitBytes: 10 })).toMatchObject({ size: 10 });
});

test("a source that fails leaves nothing", async () => {
  const { store } = await temporaryStore();
  async function* source() {
    yield Buffer.alloc(2_000_000);
    throw new Error("connection lost");
  }
  await expect(store.put(source())).rejects.toThrow("connection lost");
  expect(drafts(store)).toEqual([]);
  expect(readdirSync(join(store.root, "sha256"))).toEqual([]);
});
