import { chmod, type FileHandle, lstat, open, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import type { ArtifactKind } from "./artifact.ts";
import { type Content, digestChunks, type Passed, writeFully } from "./content.ts";
import { makeFolders } from "./make-folders.ts";
import { changedError, type Stamp, sameStamp, vanishedAsChanged } from "./source.ts";
import { type StoreFolder, storedPath } from "./store-folder.ts";
import { isSystemError } from "./system-error.ts";

/** Content on its way in: in memory, or in a file of the incoming folder. */
export type Draft = Content & { readonly held: Uint8Array | string };

/** Marks stored content as wanted now, so that no sweep takes it for old; false if it has to be written. */
async function refresh(path: string, size: number): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    const now = new Date();
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EPERM", "EACCES")) return false;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * One publication: everything it brings in is pinned until it ends, and what it left unfinished is removed then.
 */
export class Publication {
  readonly store: StoreFolder;
  readonly passed: Passed | undefined;
  readonly #releases = new Set<() => void>();
  readonly #unfinished = new Set<string>();
  readonly #touched = new Set<string>();

  constructor(store: StoreFolder, passed?: Passed) {
    this.store = store;
    this.passed = passed;
  }

  /** A path in the incoming folder; what lies there when the publication ends is removed. */
  draftPath(): string {
    const path = this.store.incoming.path();
    this.#unfinished.add(path);
    return path;
  }

  /** Creates a file in the incoming folder and lets `write` fill it; on a durable store it is on the disk then. */
  async #write<T>(path: string, write: (sink: FileHandle) => Promise<T>): Promise<T> {
    const sink = await open(path, "wx", 0o444).catch(async (error: unknown) => {
      if (!isSystemError(error, "ENOENT")) throw error;
      await makeFolders(dirname(path));
      return open(path, "wx", 0o444);
    });
    try {
      const result = await write(sink);
      if (this.store.durable) await sink.datasync();
      return result;
    } finally {
      await sink.close();
    }
  }

  /** Streams content into the incoming folder, hashing it on the way. */
  async draft(chunks: AsyncIterable<Buffer>): Promise<Draft> {
    const held = this.draftPath();
    const content = await this.#write(held, (sink) => digestChunks(chunks, { sink, fresh: true }));
    return { ...content, held };
  }

  /** Gives a draft its place in the store, if nothing stands there yet. */
  async keep({ hex, size, held }: Draft, kind: ArtifactKind = "file"): Promise<void> {
    const target = await this.#reserve(kind, hex);
    if (await refresh(target, size)) return;
    let path = held;
    if (typeof path !== "string") {
      const bytes = path;
      path = this.draftPath();
      await this.#write(path, (sink) => writeFully(sink, bytes));
    }
    await this.#settle(path, target);
    this.#unfinished.delete(path);
  }

  /** Says that stored content of this digest and size is wanted; false if the store does not have it. */
  async renew(hex: string, size: number): Promise<boolean> {
    return refresh(await this.#reserve("file", hex), size);
  }

  /**
   * Takes over a file that was hashed as `content` when it was in the state `stamp`; false if that cannot be
   * done by renaming, since it has other names or lies on another file system.
   */
  async adopt(path: string, { hex, size }: Content, stamp: Stamp): Promise<boolean> {
    const target = await this.#reserve("file", hex);
    const found = await lstat(path, { bigint: true }).catch(vanishedAsChanged(path));
    if (!sameStamp(found, stamp)) throw changedError(path);
    if (await refresh(target, size)) {
      await unlink(path);
      return true;
    }
    if (found.nlink > 1n) return false;
    try {
      await chmod(path, 0o444);
      await utimes(path, new Date(), new Date());
      await this.#settle(path, target);
      return true;
    } catch (error) {
      if (isSystemError(error, "EXDEV", "EPERM")) return false;
      throw error;
    }
  }

  async #reserve(kind: ArtifactKind, hex: string): Promise<string> {
    this.#releases.add(this.store.pins.pin(hex));
    await this.store.pins.settled(hex);
    return storedPath(this.store, kind, hex);
  }

  async #settle(from: string, target: string): Promise<void> {
    const folder = dirname(target);
    try {
      await rename(from, target);
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
      await makeFolders(folder);
      this.#touched.add(dirname(folder));
      await rename(from, target);
    }
    this.#touched.add(folder);
  }

  /** On a durable store: the names given so far are on the disk, too. */
  async sync(): Promise<void> {
    if (!this.store.durable) return;
    for (const folder of this.#touched) await syncFolder(folder);
    this.#touched.clear();
  }

  async end(): Promise<void> {
    for (const release of this.#releases) release();
    for (const path of this.#unfinished) await rm(path, { force: true });
  }
}

/** Runs `work` as one publication. */
export async function publishing<T>(
  store: StoreFolder,
  work: (publication: Publication) => Promise<T>,
  passed?: Passed,
): Promise<T> {
  const publication = new Publication(store, passed);
  try {
    const result = await work(publication);
    await publication.sync();
    return result;
  } finally {
    await publication.end();
  }
}
