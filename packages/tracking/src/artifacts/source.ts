import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ArtifactError } from "./errors.ts";
import { isSystemError } from "./system-error.ts";

/** What tells one state of a file from another: identity, size in bytes, time of the last write. */
export type Stamp = {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
};

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

export function changedError(path: string): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_CHANGED",
    `${path} changed while it was read. Let what writes it end, then do it again.`,
  );
}

/** For `catch`: what was there a moment ago and is gone has changed. */
export function vanishedAsChanged(path: string): (error: unknown) => never {
  return (error) => {
    throw isSystemError(error, "ENOENT") ? changedError(path) : error;
  };
}

export function specialError(path: string): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_SPECIAL",
    `${path} is a pipe, a socket or a device. Write a file or a folder there instead.`,
  );
}

export function linkError(path: string, problem: string): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_LINK",
    `The symbolic link ${path} ${problem}. Put a copy of what it should point to in its place.`,
  );
}

/** A file to be read, as it was when it was opened. */
export type Source = {
  readonly handle: FileHandle;
  readonly stamp: Stamp & { readonly mode: bigint; nlink: bigint };
};

async function openRegular(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isSystemError(error, "ELOOP")) throw linkError(path, "stands where a file was expected");
    if (isSystemError(error, "ENXIO")) throw specialError(path);
    throw error;
  }
}

/**
 * Opens a regular file (no link is followed, no pipe is waited for), lets `read` use it, and makes sure that it
 * did not change meanwhile: `SCANFLOW_ARTIFACT_CHANGED`.
 */
export async function readUnchanged<T>(path: string, read: (source: Source) => Promise<T>): Promise<T> {
  const handle = await openRegular(path);
  try {
    const stamp = await handle.stat({ bigint: true });
    if (!stamp.isFile()) throw specialError(path);
    const result = await read({ handle, stamp });
    if (!sameStamp(stamp, await handle.stat({ bigint: true }))) throw changedError(path);
    return result;
  } finally {
    await handle.close();
  }
}
