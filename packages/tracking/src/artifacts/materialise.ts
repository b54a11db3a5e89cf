import { randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Artifact, FileEntry } from "./artifact.ts";
import { readBlob, type Wanted } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import type { Passed } from "./content.ts";
import { ArtifactError } from "./errors.ts";
import { kindOf, readEntries, wantedEntry } from "./folder.ts";
import { totalSize } from "./inspect.ts";
import { foldersAbove } from "./link.ts";
import { makeFolders } from "./make-folders.ts";
import { type StoreFolder, storedPath } from "./store-folder.ts";
import { isSystemError } from "./system-error.ts";

/**
 * How content gets to its place. `auto` shares blocks until one side writes, where the file system can, and
 * copies elsewhere; `copy` always copies; `link` makes read-only hard links, which take no room, and read-only
 * copies where none can be made (another file system, an executable). Who lifts the write protection of a link
 * and writes to it damages the stored file: use `link` for what is only read.
 */
export type MaterialiseMode = "auto" | "copy" | "link";

export type MaterialiseOptions = {
  readonly mode?: MaterialiseMode | undefined;
  /** Hears of what is copied as it goes on. An error that it throws ends the work; nothing lies at the place then. */
  readonly passed?: Passed | undefined;
};

type Placing = { readonly path: string; readonly executable?: boolean | undefined };

function occupiedError(destination: string, cause?: unknown): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_DESTINATION",
    `Something already lies at ${destination}. Remove it, or name another place.`,
    { cause },
  );
}

async function linkFile(store: StoreFolder, wanted: Wanted, path: string): Promise<number | undefined> {
  const size = await readBlob(store, wanted);
  try {
    await link(storedPath(store, "file", wanted.hex), path);
    return size;
  } catch (error) {
    if (isSystemError(error, "EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP")) return undefined;
    throw error;
  }
}

async function placeFile(
  store: StoreFolder,
  wanted: Wanted,
  { path, executable = false, mode = "auto", passed }: Placing & MaterialiseOptions,
): Promise<number> {
  if (mode !== "link") {
    return readBlob(store, wanted, {
      path,
      mode: executable ? 0o777 : 0o666,
      clone: mode === "auto",
      passed,
    });
  }
  const linked = executable ? undefined : await linkFile(store, wanted, path);
  if (linked !== undefined) return linked;
  const size = await readBlob(store, wanted, { path, mode: 0o600, clone: true });
  await chmod(path, executable ? 0o555 : 0o444);
  return size;
}

async function placeFolder(
  store: StoreFolder,
  wanted: Wanted,
  path: string,
  options: MaterialiseOptions,
): Promise<number> {
  const entries = await readEntries(store, wanted);
  const folders = new Set<string>([""]);
  for (const entry of entries) {
    for (const folder of foldersAbove(entry.path)) folders.add(folder);
    if (entry.kind === "folder") folders.add(entry.path);
  }
  for (const folder of folders) await mkdir(join(path, folder));
  const files = entries.filter((entry): entry is FileEntry => entry.kind === "file");
  await eachBounded(files, async (entry) => {
    const { executable } = entry;
    await placeFile(store, wantedEntry(entry, wanted), {
      ...options,
      path: join(path, entry.path),
      executable,
    });
    options.passed?.(0, 1);
  });
  // Links come last, so that nothing is ever written through one.
  for (const entry of entries) {
    if (entry.kind === "link") await symlink(entry.link, join(path, entry.path));
  }
  return totalSize(entries);
}

/** See `ArtifactStore.materialise`. */
export async function materialise(
  store: StoreFolder,
  wanted: Wanted,
  given: string,
  options: MaterialiseOptions = {},
): Promise<Artifact> {
  const destination = resolve(given);
  const kind = await kindOf(store, wanted);
  if ((await lstat(destination).catch(() => undefined)) !== undefined) throw occupiedError(destination);
  await makeFolders(dirname(destination));
  const nearby = join(
    dirname(destination),
    `.${basename(destination).slice(0, 40)}.${randomBytes(6).toString("hex")}.partial`,
  );
  try {
    const size =
      kind === "file"
        ? await placeFile(store, wanted, { ...options, path: nearby })
        : await placeFolder(store, wanted, nearby, options);
    await rename(nearby, destination);
    return { digest: `sha256:${wanted.hex}`, size, kind };
  } catch (error) {
    await rm(nearby, { recursive: true, force: true });
    throw isSystemError(error, "ENOTEMPTY", "EEXIST", "ENOTDIR", "EISDIR")
      ? occupiedError(destination, error)
      : error;
  }
}
