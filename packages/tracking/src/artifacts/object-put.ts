import { createHash, type Hash, randomUUID } from "node:crypto";
import type { Artifact, FolderEntry } from "./artifact.ts";
import { eachBounded } from "./bounded.ts";
import { hexOf, refuseMarker, sha256Hex } from "./digest.ts";
import { encodeManifest } from "./manifest.ts";
import type { ObjectShelf } from "./object-shelf.ts";
import { missingEntry } from "./publish.ts";
import { limited, type PutOptions } from "./put.ts";

/** Where content lies while its digest is not known. */
export const incomingPrefix = "incoming/";

/** Up to here content waits in memory until its digest, and thus its key, is known. */
const mostHeldBytes = 4 * 1024 * 1024;

/**
 * Stores a stream. A small one goes straight under its digest; a large one is sent on as it comes, under a key of
 * its own, and copied inside the store when its digest is known: neither memory nor a disk here holds it.
 */
export async function putObject(
  shelf: ObjectShelf,
  source: AsyncIterable<Uint8Array>,
  { limitBytes = Number.POSITIVE_INFINITY }: PutOptions = {},
): Promise<Artifact> {
  const content = limited(source, limitBytes);
  try {
    const { bytes, done } = await readAhead(content);
    refuseMarker(bytes);
    return done ? await putSmall(shelf, bytes) : await putLarge(shelf, bytes, content);
  } finally {
    await content.return(undefined);
  }
}

async function readAhead(content: AsyncGenerator<Uint8Array>): Promise<{ bytes: Buffer; done: boolean }> {
  const held: Uint8Array[] = [];
  let size = 0;
  while (size <= mostHeldBytes) {
    const next = await content.next();
    if (next.done) return { bytes: Buffer.concat(held), done: true };
    held.push(Uint8Array.from(next.value));
    size += next.value.length;
  }
  return { bytes: Buffer.concat(held), done: false };
}

async function putSmall(shelf: ObjectShelf, bytes: Buffer): Promise<Artifact> {
  const hex = sha256Hex(bytes);
  await shelf.keep("file", hex, (key) => shelf.objects.put(key, bytes, { size: bytes.length }));
  return { digest: `sha256:${hex}`, size: bytes.length, kind: "file" };
}

async function putLarge(
  shelf: ObjectShelf,
  start: Buffer,
  rest: AsyncIterable<Uint8Array>,
): Promise<Artifact> {
  const { objects } = shelf;
  const draft = `${incomingPrefix}${randomUUID()}`;
  const hash = createHash("sha256");
  const seen = { size: 0 };
  try {
    await objects.put(draft, hashed(start, rest, { hash, seen }));
    const hex = hash.digest("hex");
    await shelf.keep("file", hex, (key) => objects.copy(draft, key));
    return { digest: `sha256:${hex}`, size: seen.size, kind: "file" };
  } finally {
    // What stays behind in trouble is removed by a later sweep.
    await objects.delete([draft]).catch(() => undefined);
  }
}

async function* hashed(
  start: Buffer,
  rest: AsyncIterable<Uint8Array>,
  { hash, seen }: { hash: Hash; seen: { size: number } },
): AsyncGenerator<Uint8Array> {
  hash.update(start);
  seen.size = start.length;
  yield start;
  for await (const chunk of rest) {
    hash.update(chunk);
    seen.size += chunk.length;
    yield chunk;
  }
}

/** See `ContentStore.renew`: what is copied onto itself counts as new. */
export async function renewObject(shelf: ObjectShelf, digest: string, size: number): Promise<boolean> {
  const hex = hexOf(digest);
  const release = shelf.pins.pin(hex);
  try {
    await shelf.pins.settled(hex);
    const key = shelf.keyOf("file", hex);
    const found = await shelf.info("file", hex);
    return found?.size === size && (await shelf.objects.copy(key, key));
  } finally {
    release();
  }
}

/** Stores a folder of files that are there. Copied onto themselves, those count as new for every sweep. */
export async function putFolderObject(
  shelf: ObjectShelf,
  entries: readonly FolderEntry[],
): Promise<Artifact> {
  const releases: (() => void)[] = [];
  try {
    await eachBounded(entries, async (entry) => {
      if (entry.kind !== "file") return;
      releases.push(shelf.pins.pin(hexOf(entry.digest)));
      if (!(await renewObject(shelf, entry.digest, entry.size))) throw missingEntry(entry);
    });
    const { bytes, artifact } = encodeManifest(entries);
    await shelf.keep("folder", hexOf(artifact.digest), (key) => shelf.objects.put(key, bytes));
    return artifact;
  } finally {
    for (const release of releases) release();
  }
}
