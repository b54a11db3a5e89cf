import { chmod, open, rm, unlink } from "node:fs/promises";
import type { Artifact, ArtifactKind, FileEntry, FolderEntry } from "./artifact.ts";
import { eachBounded } from "./bounded.ts";
import { digestChunks, type Passed, readChunks, readFully, smallBytes, toldChunks } from "./content.ts";
import { hexOf, refuseMarker, sha256Hex } from "./digest.ts";
import { digestSource, type FileContent, isExecutable, lookAt, readFolder } from "./digest-of.ts";
import { ArtifactError } from "./errors.ts";
import { encodeManifest, manifestHex } from "./manifest.ts";
import { type Draft, type Publication, publishing } from "./publication.ts";
import { changedError, readUnchanged, type Source, type Stamp } from "./source.ts";
import type { StoreFolder } from "./store-folder.ts";
import { walkFolder } from "./walk.ts";

export type PublishOptions = {
  /** The caller gives the file or folder away, and nothing writes to it any more: it is renamed where possible. */
  readonly move?: boolean;
  /** Refuse the other kind (`SCANFLOW_ARTIFACT_KIND`). */
  readonly expect?: ArtifactKind;
  /** Hears of what is copied as it goes on. An error that it throws ends the publication. */
  readonly passed?: Passed;
};

async function cloned(publication: Publication, path: string, device: bigint): Promise<Draft | undefined> {
  if (!publication.store.clones.mayClone(device)) return undefined;
  const held = publication.draftPath();
  if (!(await publication.store.clones.clone(path, held, device))) return undefined;
  await chmod(held, 0o444);
  const handle = await open(held);
  try {
    const content = await digestChunks(toldChunks(readChunks(handle), publication.passed), { fresh: true });
    if (publication.store.durable) await handle.datasync();
    return { ...content, held };
  } finally {
    await handle.close();
  }
}

async function draftOf(publication: Publication, path: string, { handle, stamp }: Source): Promise<Draft> {
  if (stamp.size > smallBytes) {
    return (
      (await cloned(publication, path, stamp.dev)) ??
      publication.draft(toldChunks(readChunks(handle), publication.passed))
    );
  }
  const held = await readFully(handle, Buffer.allocUnsafe(Number(stamp.size)), 0);
  refuseMarker(held);
  publication.passed?.(held.length, 0);
  return { hex: sha256Hex(held), size: held.length, held };
}

async function copyIn(publication: Publication, path: string): Promise<FileContent> {
  const [draft, executable] = await readUnchanged(path, async (source) => {
    return [await draftOf(publication, path, source), isExecutable(source)] as const;
  });
  await publication.keep(draft);
  publication.passed?.(0, 1);
  return { hex: draft.hex, size: draft.size, executable };
}

/** A file that was hashed where it lies, to be moved once everything else was looked at. */
type Weighed = FileContent & { readonly stamp: Stamp };

async function weigh(path: string, durable: boolean): Promise<Weighed> {
  return readUnchanged(path, async (source) => {
    const content = await digestSource(source);
    if (durable) await source.handle.datasync();
    return { ...content, stamp: source.stamp, executable: isExecutable(source) };
  });
}

async function moveIn(publication: Publication, path: string, content: Weighed): Promise<void> {
  if (await publication.adopt(path, content, content.stamp)) return;
  const { hex } = await copyIn(publication, path);
  if (hex !== content.hex) throw changedError(path);
  await unlink(path);
}

async function weighAndMove(publication: Publication, path: string): Promise<FileContent> {
  const content = await weigh(path, publication.store.durable);
  await moveIn(publication, path, content);
  return content;
}

async function keepManifest(publication: Publication, entries: readonly FolderEntry[]): Promise<Artifact> {
  const { bytes, artifact } = encodeManifest(entries);
  await publication.sync();
  await publication.keep({ hex: manifestHex(bytes), size: bytes.length, held: bytes }, "folder");
  return artifact;
}

async function publishFolder(publication: Publication, root: string, move: boolean): Promise<Artifact> {
  const found = await walkFolder(root);
  if (!move) return keepManifest(publication, await readFolder(found, (path) => copyIn(publication, path)));

  const weighed = new Map<string, Weighed>();
  const entries = await readFolder(found, async (path) => {
    const content = await weigh(path, publication.store.durable);
    weighed.set(path, content);
    return content;
  });
  await eachBounded(weighed, ([path, content]) => moveIn(publication, path, content));
  const artifact = await keepManifest(publication, entries);
  await rm(root, { recursive: true, force: true });
  return artifact;
}

/** See `ArtifactStore.publish`. */
export async function publish(
  store: StoreFolder,
  given: string,
  options: PublishOptions = {},
): Promise<Artifact> {
  const { path, kind } = await lookAt(given, options.expect);
  const move = options.move ?? false;
  return publishing(
    store,
    async (publication) => {
      if (kind === "folder") return publishFolder(publication, path, move);
      const content = move ? await weighAndMove(publication, path) : await copyIn(publication, path);
      return { digest: `sha256:${content.hex}`, size: content.size, kind };
    },
    options.passed,
  );
}

/** A file of a folder is to be in the store before the folder is. */
export function missingEntry({ path, digest, size }: FileEntry): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_MISSING",
    `The folder's file ${JSON.stringify(path)} (${digest}, ${size} bytes) is not in the store. Put it there first.`,
  );
}

/** See `ContentStore.putFolder`. */
export async function putFolder(store: StoreFolder, entries: readonly FolderEntry[]): Promise<Artifact> {
  return publishing(store, async (publication) => {
    await eachBounded(entries, async (entry) => {
      if (entry.kind !== "file" || (await publication.renew(hexOf(entry.digest), entry.size))) return;
      throw missingEntry(entry);
    });
    return keepManifest(publication, entries);
  });
}
