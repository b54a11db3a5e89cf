import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { folderMarker } from "./digest.ts";
import { digestBytes, digestOf } from "./index.ts";
import { temporaryFolder, temporaryStore } from "./testing/temporary-folder.support.ts";
import { writeTree } from "./testing/tree.support.ts";

// FIPS 180-4, appendix: sha256("abc"); and of the empty message.
const ofAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const ofNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

test("a digest is the sha256 of the bytes, of text in UTF-8", () => {
  expect(digestBytes("abc")).toBe(ofAbc);
  expect(digestBytes(new Uint8Array())).toBe(ofNothing);
  expect(digestBytes("é")).toBe(digestBytes(Buffer.from([0xc3, 0xa9])));
});

test("a file of any size has the digest of its bytes", async () => {
  const folder = temporaryFolder();
  for (const size of [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_001]) {
    const bytes = Buffer.alloc(size, `${size} `);
    writeFileSync(join(folder, "file"), bytes);
    expect(await digestOf(join(folder, "file"))).toEqual({ digest: digestBytes(bytes), size, kind: "file" });
  }
});

test("digestOf says what publish will say", async () => {
  const { store, work } = await temporaryStore();
  const tree = writeTree(join(work, "tree"), {
    "b/run.sh": { file: "#!/bin/sh", executable: true },
    "b/empty": { folder: true },
    a: { link: "b/run.sh" },
  });
  expect(await digestOf(tree)).toEqual(await store.publish(tree));
  expect(await store.has((await digestOf(tree)).digest)).toBe(true);
});

test("a file that would have a folder's digest is refused, however it comes", async () => {
  const { store, work } = await temporaryStore();
  const manifest = Buffer.concat([folderMarker, Buffer.from('{"version":1,"entries":[]}')]);
  const path = join(work, "forged");
  for (const bytes of [manifest, Buffer.concat([manifest, Buffer.alloc(2_000_000)])]) {
    writeFileSync(path, bytes);
    const refused = { code: "SCANFLOW_ARTIFACT_RESERVED" };
    await expect(store.publish(path)).rejects.toMatchObject(refused);
    await expect(store.publish(path, { move: true })).rejects.toMatchObject(refused);
    await expect(store.put(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).rejects.toMatchObject(
      refused,
    );
    await expect(digestOf(path)).rejects.toMatchObject(refused);
  }
  expect(digestBytes(manifest)).toBe((await store.putFolder([])).digest);
});

test("what is not a digest is named", async () => {
  const { store } = await temporaryStore();
  for (const wrong of ["", "sha256:", ofAbc.slice(7), ofAbc.toUpperCase(), `${ofAbc}0`, `../${ofAbc}`]) {
    await expect(store.has(wrong)).rejects.toMatchObject({
      code: "SCANFLOW_ARTIFACT_DIGEST",
      message: expect.stringContaining(JSON.stringify(wrong)),
    });
  }
});
