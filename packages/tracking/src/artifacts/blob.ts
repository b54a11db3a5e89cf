import { constants } from "node:fs";
import { chmod, type FileHandle, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArtifactKind, Digest } from "./artifact.ts";
import {
  type Content,
  digestChunks,
  type Passed,
  readChunks,
  readFully,
  smallBytes,
  toldChunks,
  writeFully,
} from "./content.ts";
import { hexOf, sha256Hex } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { makeFolders } from "./make-folders.ts";
import { type StoreFolder, storedPath } from "./store-folder.ts";
import { isSystemError } from "./system-error.ts";

/** A stored file that is to be read; `label` is how errors call it. */
export type Wanted = { readonly hex: string; readonly label: string };

/** A file to be written; `mode` is cut by the process's umask. */
export type Target = {
  readonly path: string;
  readonly mode: number;
  readonly clone: boolean;
  readonly passed?: Passed | undefined;
};

export function wantedOf(digest: Digest | string): Wanted {
  return { hex: hexOf(digest), label: digest };
}

export function missingError(label: string, cause?: unknown): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_MISSING",
    `The store does not hold ${label}. Run again what made it, without its cache entry, to produce it anew.`,
    { cause },
  );
}

/** Sets damaged content aside, unless it was replaced meanwhile, and returns the error to throw. */
export async function corruptError(
  store: StoreFolder,
  kind: ArtifactKind,
  { hex, label }: Wanted,
  found: Content & { readonly ino: bigint },
): Promise<ArtifactError> {
  const path = storedPath(store, kind, hex);
  const aside = join(store.root, "quarantine", `${hex}.${found.hex.slice(0, 16)}`);
  const current = await stat(path, { bigint: true }).catch(() => undefined);
  if (current?.ino === found.ino) {
    await makeFolders(join(store.root, "quarantine"));
    await rename(path, aside).catch((error: unknown) => {
      if (!isSystemError(error, "ENOENT")) throw error;
    });
  }
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_CORRUPT",
    `Artifact ${label} is corrupt: expected content with sha256 ${hex}, found ${found.hex} (${found.size} bytes). ` +
      `The damaged ${kind === "file" ? "file" : "manifest"} was moved to ${aside}; nothing else was touched. ` +
      "Run again what made it, without its cache entry, to produce it anew.",
  );
}

/** Opens a stored file or manifest, or throws `SCANFLOW_ARTIFACT_MISSING`. */
export async function openStored(
  store: StoreFolder,
  kind: ArtifactKind,
  wanted: Wanted,
): Promise<FileHandle> {
  try {
    return await open(storedPath(store, kind, wanted.hex), constants.O_RDONLY);
  } catch (error) {
    throw isSystemError(error, "ENOENT") ? missingError(wanted.label, error) : error;
  }
}

async function create<T>({ path, mode }: Target, fill: (sink: FileHandle) => Promise<T>): Promise<T> {
  const sink = await open(path, "wx", mode);
  try {
    return await fill(sink);
  } finally {
    await sink.close();
  }
}

/** Clones a stored file and hashes the clone; undefined if the file system cannot, with nothing at the target. */
async function cloneLarge(store: StoreFolder, wanted: Wanted, target: Target): Promise<Content | undefined> {
  const { dev } = await stat(dirname(target.path), { bigint: true });
  if (!store.clones.mayClone(dev)) return undefined;
  const { mode } = await create(target, (sink) => sink.stat());
  if (!(await store.clones.clone(storedPath(store, "file", wanted.hex), target.path, dev))) return undefined;
  await chmod(target.path, mode & 0o777);
  const clone = await open(target.path);
  try {
    return await digestChunks(toldChunks(readChunks(clone), target.passed));
  } finally {
    await clone.close();
  }
}

async function copyLarge(
  store: StoreFolder,
  wanted: Wanted,
  { source, target }: { source: FileHandle; target: Target },
): Promise<Content> {
  const cloned = target.clone ? await cloneLarge(store, wanted, target) : undefined;
  return (
    cloned ?? create(target, (sink) => digestChunks(toldChunks(readChunks(source), target.passed), { sink }))
  );
}

/**
 * Reads a stored file to its end, checks its digest, and writes it to `target`, if there is one, on the way. What
 * was written has to be removed by the caller when this throws. Answers the size in bytes.
 */
export async function readBlob(store: StoreFolder, wanted: Wanted, target?: Target): Promise<number> {
  const handle = await openStored(store, "file", wanted);
  try {
    const { size, ino } = await handle.stat({ bigint: true });
    let found: Content;
    if (size <= smallBytes) {
      const bytes = await readFully(handle, Buffer.allocUnsafe(Number(size)), 0);
      found = { hex: sha256Hex(bytes), size: bytes.length };
      if (target && found.hex === wanted.hex) await create(target, (sink) => writeFully(sink, bytes));
      target?.passed?.(found.size, 0);
    } else if (target) found = await copyLarge(store, wanted, { source: handle, target });
    else found = await digestChunks(readChunks(handle));
    if (found.hex !== wanted.hex) throw await corruptError(store, "file", wanted, { ...found, ino });
    return found.size;
  } finally {
    await handle.close();
  }
}
