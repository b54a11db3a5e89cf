import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ArtifactStore, digestBytes, openArtifactStore } from "./index.ts";
import { arbitraryTree } from "./testing/arbitrary-tree.support.ts";
import { damage, storedAt } from "./testing/damage.support.ts";
import { temporaryStore } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";

/** A sweep long after everything was written, so that age protects nothing. */
const late = { graceMs: 0, now: Date.now() + 24 * 60 * 60 * 1000 };

function putText(store: ArtifactStore, text: string) {
  return store.put(Readable.from([Buffer.from(text)]));
}

test("what is live stays whole, all else goes, and a dry run says so beforehand", async () => {
  const { store, work } = await temporaryStore();
  const marked = fc.tuple(arbitraryTree, fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(marked, { minLength: 1, maxLength: 4 }), async (trees) => {
      const live: string[] = [];
      const dead = new Set<string>();
      for (const [tree, isLive] of trees) {
        const { digest } = await store.publish(writeTree(join(work, "tree"), tree), { move: true });
        isLive ? live.push(digest) : dead.add(digest);
      }
      const announced = await store.sweep({ ...late, live, dryRun: true });
      for (const digest of dead) expect(await store.has(digest)).toBe(true);
      expect(await store.sweep({ ...late, live })).toEqual(announced);
      for (const digest of live) await store.verify(digest);
      for (const digest of dead) expect(await store.has(digest)).toBe(live.includes(digest));
      expect(await store.sweep({ ...late, live })).toMatchObject({
        removed: 0,
        bytes: 0,
        kept: announced.kept,
        young: 0,
      });
      const { kept } = await store.sweep({ ...late, live: [] });
      expect(kept).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test("bytes and counts are those of the files and manifests removed", async () => {
  const { store } = await temporaryStore();
  const kept = await putText(store, "kept");
  await putText(store, "not kept");
  expect(await store.sweep({ ...late, live: [kept.digest] })).toEqual({
    removed: 1,
    bytes: 8,
    kept: 1,
    young: 0,
  });
});

test("what was published, or published again, within the grace period stays", async () => {
  const { store } = await temporaryStore();
  const { digest } = await putText(store, "young");
  expect(await store.sweep({ live: [], graceMs: 60_000, now: Date.now() })).toMatchObject({
    removed: 0,
    kept: 1,
    young: 1,
  });
  expect(await store.has(digest)).toBe(true);
});

test("a folder within the grace period keeps the files it shares", async () => {
  const { store, work } = await temporaryStore();
  const { digest } = await store.publish(writeTree(join(work, "tree"), { a: { file: "shared" } }));
  const release = store.pin(digest);
  expect(await store.sweep({ ...late, live: [] })).toMatchObject({ removed: 0, kept: 2 });
  await store.verify(digest);
  release();
  expect(await store.sweep({ ...late, live: [] })).toMatchObject({ removed: 2, kept: 0 });
});

test("a pin holds until each holder has released it, for every store object on the folder", async () => {
  const { store } = await temporaryStore();
  const second = await openArtifactStore({ root: store.root });
  const { digest } = await putText(store, "pinned");
  const [one, two] = [store.pin(digest), store.pin(digest)];
  one();
  one();
  expect(await second.sweep({ ...late, live: [] })).toMatchObject({ kept: 1 });
  two();
  expect(await second.sweep({ ...late, live: [] })).toMatchObject({ removed: 1 });
});

test("what is published again while a sweep runs is not taken", async () => {
  const { store, work } = await temporaryStore();
  const tree = { a: { file: "old" }, "b/c": { file: "older" } };
  const file = await putText(store, "old file");
  const folder = await store.publish(writeTree(join(work, "tree"), tree));
  async function* live() {
    await putText(store, "old file");
    await store.publish(join(work, "tree"));
    yield digestBytes("never stored");
  }
  expect(await store.sweep({ ...late, live: live() })).toMatchObject({ removed: 0, kept: 4 });
  await store.verify(file.digest);
  await store.verify(folder.digest);
});

test("publishing and sweeping at the same time never loses what is held", async () => {
  const { store, work } = await temporaryStore();
  const path = writeTree(join(work, "tree"), { a: { file: "a" }, b: { file: "b" }, "c/d": { file: "d" } });
  let publishing = true;
  async function sweepOn(): Promise<number> {
    let removed = 0;
    while (publishing) removed += (await store.sweep({ ...late, live: [] })).removed;
    return removed;
  }
  async function publishOn(text: string): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      const release = store.pin(digestBytes(text));
      await putText(store, `${text}, round ${round}, for nobody`);
      const { digest } = await putText(store, text);
      const folder = await store.publish(path);
      const releaseFolder = store.pin(folder.digest);
      await store.verify(digest);
      if (await store.has(folder.digest)) await store.verify(folder.digest);
      release();
      releaseFolder();
    }
  }
  const sweeps = [sweepOn(), sweepOn()];
  await Promise.all(["one", "one", "two"].map(publishOn)).finally(() => {
    publishing = false;
  });
  const removed = (await Promise.all(sweeps)).reduce((sum, count) => sum + count, 0);
  expect(removed).toBeGreaterThan(0);
});

test.each<[string, (digest: string) => AsyncGenerator<string>]>([
  [
    "fails",
    async function* (digest) {
      yield digest;
      throw new Error("database lost");
    },
  ],
  [
    "names what is no digest",
    async function* () {
      yield "sha256:oops";
    },
  ],
])("nothing is removed when the list of what is live %s", async (_, live) => {
  const { store } = await temporaryStore();
  const { digest } = await putText(store, "content");
  await expect(store.sweep({ ...late, live: live(digest) })).rejects.toThrow();
  await store.verify(digest);
});

test("nothing is removed when the manifest of a live folder is damaged", async () => {
  const { store, work } = await temporaryStore();
  const live = await store.publish(writeTree(join(work, "live"), { a: { file: "live" } }));
  const dead = await store.publish(writeTree(join(work, "dead"), { a: { file: "dead" } }));
  damage(storedAt(store, live.digest, "folders"));
  await expect(store.sweep({ ...late, live: [live.digest] })).rejects.toMatchObject({
    code: "SCANFLOW_ARTIFACT_CORRUPT",
  });
  await store.verify(dead.digest);
  await store.verify(digestBytes("live"));
  rmSync(join(store.root, "quarantine"), { recursive: true });
});

test("a sweep of some takes these and their files, unless others need them", async () => {
  const { store, work } = await temporaryStore();
  const mine = await store.publish(
    writeTree(join(work, "mine"), { a: { file: "mine" }, b: { file: "both" } }),
  );
  const other = await store.publish(writeTree(join(work, "other"), { b: { file: "both" } }));
  const [loose, named] = [await putText(store, "nobody's"), await putText(store, "named")];
  const only = [mine.digest, named.digest];
  expect(await store.sweep({ ...late, live: [], only, dryRun: true })).toMatchObject({ removed: 3 });
  expect(await store.sweep({ ...late, live: [], only })).toMatchObject({ removed: 3 });
  for (const { digest } of [mine, named]) expect(await store.has(digest)).toBe(false);
  for (const { digest } of [other, loose]) await store.verify(digest);
  expect(await store.has(digestBytes("mine"))).toBe(false);
});

test("what was damaged and set aside goes when nobody refers to it any more", async () => {
  const { store } = await temporaryStore();
  const { digest } = await putText(store, "damaged");
  damage(storedAt(store, digest));
  await expect(store.verify(digest)).rejects.toMatchObject({ code: "SCANFLOW_ARTIFACT_CORRUPT" });
  const aside = () => readdirSync(join(store.root, "quarantine"));
  expect(await store.sweep({ ...late, live: [digest] })).toMatchObject({ removed: 0 });
  expect(aside()).toHaveLength(1);
  expect(await store.sweep({ ...late, live: [] })).toMatchObject({ removed: 1, bytes: 7 });
  expect(aside()).toEqual([]);
});
