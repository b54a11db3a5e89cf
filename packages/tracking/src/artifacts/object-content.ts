import type { ObjectStore } from "../objects/index.ts";
import type { Artifact } from "./artifact.ts";
import { wantedOf } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import { copyTo } from "./copy-to.ts";
import { hexOf } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { wantedEntry } from "./folder.ts";
import { totalSize } from "./inspect.ts";
import { putFolderObject, putObject, renewObject } from "./object-put.ts";
import { ObjectShelf } from "./object-shelf.ts";
import { sweepObjects } from "./object-sweep.ts";
import { findEntry } from "./open-entry.ts";
import type { ContentStore } from "./store.ts";

/** A content store in an object store, which it closes with itself. */
export function objectContent(objects: ObjectStore): ContentStore {
  const shelf = new ObjectShelf(objects);
  const content: ContentStore = {
    put: (source, options) => putObject(shelf, source, options),
    putFolder: (entries) => putFolderObject(shelf, entries),
    renew: (digest, size) => renewObject(shelf, digest, size),
    open: async (digest, range) => shelf.open(wantedOf(digest), range),
    entries: async (digest) => shelf.entries(wantedOf(digest)),
    openEntry: async (digest, path, range) => {
      const folder = wantedOf(digest);
      const entry = findEntry(await shelf.entries(folder), path, folder.label);
      return { ...(await shelf.open(wantedEntry(entry, folder), range)), entry };
    },
    has: (digest) => hasObject(shelf, digest),
    stat: (digest) => statObject(shelf, digest),
    verify: (digest) => verifyObject(shelf, digest),
    pin: (digest) => shelf.pins.pin(hexOf(digest)),
    sweep: (options) => sweepObjects(shelf, options),
    copyTo: (other, digests) => copyTo(content, other, digests),
    close: () => objects.close(),
  };
  return content;
}

async function hasObject(shelf: ObjectShelf, digest: string): Promise<boolean> {
  const wanted = wantedOf(digest);
  if (await shelf.info("file", wanted.hex)) return true;
  if (!(await shelf.info("folder", wanted.hex))) return false;
  const entries = await shelf.entries(wanted).catch((error: unknown) => {
    const absent = ["SCANFLOW_ARTIFACT_CORRUPT", "SCANFLOW_ARTIFACT_MISSING"];
    if (error instanceof ArtifactError && absent.includes(error.code)) return undefined;
    throw error;
  });
  let whole = entries !== undefined;
  await eachBounded(entries ?? [], async (entry) => {
    if (!whole || entry.kind !== "file") return;
    if ((await shelf.info("file", wantedEntry(entry, wanted).hex))?.size !== entry.size) whole = false;
  });
  return whole;
}

async function statObject(shelf: ObjectShelf, digest: string): Promise<Artifact | undefined> {
  const wanted = wantedOf(digest);
  const file = await shelf.info("file", wanted.hex);
  if (file) return { digest: `sha256:${wanted.hex}`, size: file.size, kind: "file" };
  if (!(await shelf.info("folder", wanted.hex))) return undefined;
  const size = totalSize(await shelf.entries(wanted));
  return { digest: `sha256:${wanted.hex}`, size, kind: "folder" };
}

async function verifyObject(shelf: ObjectShelf, digest: string): Promise<Artifact> {
  const wanted = wantedOf(digest);
  const kind = await shelf.kindOf(wanted);
  if (kind === "file") {
    const { stream, size } = await shelf.open(wanted);
    await drain(stream);
    return { digest: `sha256:${wanted.hex}`, size, kind };
  }
  const entries = await shelf.entries(wanted);
  await eachBounded(entries, async (entry) => {
    if (entry.kind === "file") await drain((await shelf.open(wantedEntry(entry, wanted))).stream);
  });
  return { digest: `sha256:${wanted.hex}`, size: totalSize(entries), kind };
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
