import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { type S3rver, startS3rver, useS3 } from "../objects/s3rver.support.ts";
import { type ArtifactStore, openArtifactStore, openContentStore, sharedStore } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.support.ts";

let server: S3rver;
let count = 0;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

/** A bucket of this test, and machines that share what they store in it. */
function cloud() {
  useS3(server.endpoint);
  count += 1;
  const place = `s3://bucket/shared${count}`;
  return {
    machine: async (): Promise<ArtifactStore> => {
      const own = await openArtifactStore({ root: temporaryFolder(), durable: false });
      const store = sharedStore(own, await openContentStore(place));
      onTestFinished(() => store.close());
      return store;
    },
    /** As a tracker sees it, which has nothing else. */
    outside: async () => {
      const store = await openContentStore(place);
      onTestFinished(() => store.close());
      return store;
    },
  };
}

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const all = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

test("what one machine publishes, others have before its digest is given", async () => {
  const { machine, outside } = cloud();
  const [one, other, tracker] = [await machine(), await machine(), await outside()];
  const folder = await one.publish(await folderOf({ "model/weights": "w", "model/deep/readme": "r" }));
  expect(await tracker.has(folder.digest)).toBe(true);
  const { stream } = await tracker.openEntry(folder.digest, "model/weights");
  expect(await text(stream)).toBe("w");

  expect(await other.has(folder.digest)).toBe(true);
  expect(await other.stat(folder.digest)).toEqual(folder);
  expect(await text((await other.openEntry(folder.digest, "model/deep/readme")).stream)).toBe("r");
  expect(all(other.root)).toBe(0);
  const place = join(temporaryFolder(), "in");
  await other.materialise(folder.digest, place, { mode: "link" });
  expect(await readFile(join(place, "model/deep/readme"), "utf8")).toBe("r");
  expect(all(other.root)).toBe(3);

  async function* bytes() {
    yield Buffer.from("streamed");
  }
  const file = await other.put(bytes());
  expect(await text((await tracker.open(file.digest)).stream)).toBe("streamed");
});

test("a folder is put together of files that lie on another machine", async () => {
  const { machine, outside } = cloud();
  const [one, other] = [await machine(), await machine()];
  const { digest, size } = await one.publish(join(await folderOf({ a: "content of a" }), "a"));
  const made = await other.putFolder([{ kind: "file", path: "b", digest, size }]);
  expect(await (await outside()).verify(made.digest)).toEqual(made);
});

test("what is damaged here is read from there, and what is lost there is shared once more", async () => {
  const { machine, outside } = cloud();
  const [one, tracker] = [await machine(), await outside()];
  const content = "x".repeat(5000);
  const { digest } = await one.publish(join(await folderOf({ a: content }), "a"));
  const hex = digest.slice("sha256:".length);
  const stored = join(one.root, "sha256", hex.slice(0, 2), hex);
  await chmod(stored, 0o644);
  await writeFile(stored, "y".repeat(5000));
  const place = join(temporaryFolder(), "in");
  await one.materialise(digest, place);
  expect(readFileSync(place, "utf8")).toBe(content);

  await tracker.sweep({ live: [], graceMs: -1000, now: Date.now() });
  expect(await tracker.has(digest)).toBe(false);
  expect(await one.renew(digest, 5000)).toBe(false);
  await one.publish(place);
  expect(await tracker.has(digest)).toBe(true);

  await tracker.sweep({ live: [], graceMs: -1000, now: Date.now() });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(await one.has(digest)).toBe(true);
  expect(await tracker.has(digest)).toBe(true);
});

test("many who publish the same at once send it once, and nothing is given while S3 is away", async () => {
  const { machine, outside } = cloud();
  const [one, tracker] = [await machine(), await outside()];
  const path = join(await folderOf({ a: "the same" }), "a");
  const [{ digest = "" } = {}] = await Promise.all(Array.from({ length: 8 }, () => one.publish(path)));
  // The server tells of its requests in their order, and of this one last.
  const nobody = "0".repeat(64);
  await tracker.has(`sha256:${nobody}`);
  await server.until(({ url }) => url.includes(nobody));
  const hex = digest.slice("sha256:".length);
  expect(server.asked.filter(({ method, url }) => method === "PUT" && url.includes(hex)).length).toBe(1);

  const away = await startS3rver();
  useS3(away.endpoint);
  const cut = sharedStore(
    await openArtifactStore({ root: temporaryFolder(), durable: false }),
    await openContentStore("s3://bucket/away"),
  );
  await away.close();
  await expect(cut.publish(path)).rejects.toMatchObject({ code: expect.stringMatching(/^SCANFLOW_OBJECT_/) });
  await rm(path);
});
