import { lstat, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Artifact, ArtifactKind, FileEntry, FolderEntry } from "./artifact.ts";
import { eachBounded } from "./bounded.ts";
import { type Content, digestChunks, readChunks, readFully, smallBytes } from "./content.ts";
import { refuseMarker, sha256Hex } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { encodeManifest } from "./manifest.ts";
import { linkError, readUnchanged, type Source, specialError, vanishedAsChanged } from "./source.ts";
import { isSystemError, withCodedErrors } from "./system-error.ts";
import { checkUnchanged, type FoundFolder, walkFolder } from "./walk.ts";

/** A file's content and whether its owner may execute it. */
export type FileContent = Content & { readonly executable: boolean };

/** What stands at a path: its kind and the absolute path with no links above it. */
export type Place = { readonly path: string; readonly kind: ArtifactKind };

/** Looks at what is to be published: `SCANFLOW_ARTIFACT_SOURCE`, `_LINK`, `_SPECIAL` or `_KIND` if it cannot be. */
export async function lookAt(given: string, expect?: ArtifactKind): Promise<Place> {
  const stats = await lstat(given).catch((error: unknown) => {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    const message = `There is nothing at ${resolve(given)}. Put a file or a folder there, or correct the path.`;
    throw new ArtifactError("SCANFLOW_ARTIFACT_SOURCE", message, { cause: error });
  });
  if (stats.isSymbolicLink()) throw linkError(resolve(given), "stands where a file or folder was expected");
  if (!stats.isFile() && !stats.isDirectory()) throw specialError(resolve(given));
  const kind = stats.isFile() ? "file" : "folder";
  if (expect !== undefined && expect !== kind) {
    const message = `${resolve(given)} is a ${kind}, and a ${expect} was expected. Write a ${expect} there, or declare a ${kind}.`;
    throw new ArtifactError("SCANFLOW_ARTIFACT_KIND", message);
  }
  return { path: await realpath(given), kind };
}

/** Hashes an open file of any size in one pass. */
export async function digestSource({ handle, stamp }: Source): Promise<Content> {
  if (stamp.size > smallBytes) return digestChunks(readChunks(handle), { fresh: true });
  const bytes = await readFully(handle, Buffer.allocUnsafe(Number(stamp.size)), 0);
  refuseMarker(bytes);
  return { hex: sha256Hex(bytes), size: bytes.length };
}

/** Makes a folder's entries from what `read` says of each file, and makes sure the folder stayed as it was. */
export async function readFolder(
  found: FoundFolder,
  read: (path: string) => Promise<FileContent>,
): Promise<readonly FolderEntry[]> {
  const entries: FolderEntry[] = [...found.links, ...found.empty];
  await eachBounded(found.files, async (path) => {
    const place = `${found.root}/${path}`;
    const { hex, size, executable } = await read(place).catch(vanishedAsChanged(place));
    const file: FileEntry = { kind: "file", path, digest: `sha256:${hex}`, size };
    entries.push(executable ? { ...file, executable } : file);
  });
  await checkUnchanged(found);
  return entries;
}

export const isExecutable = ({ stamp }: Source): boolean => (stamp.mode & 0o100n) !== 0n;

/**
 * The artifact a file or folder would become, without storing it: use it for cache keys. Reads everything once.
 * Errors are those of `publish`: `SCANFLOW_ARTIFACT_SOURCE`, `_LINK`, `_SPECIAL`, `_NAME`, `_CHANGED`.
 */
export async function digestOf(path: string): Promise<Artifact> {
  return withCodedErrors(`read ${path}`, async () => {
    const place = await lookAt(path);
    const read = (file: string) =>
      readUnchanged(file, async (source) => ({
        ...(await digestSource(source)),
        executable: isExecutable(source),
      }));
    if (place.kind === "folder") {
      return encodeManifest(await readFolder(await walkFolder(place.path), read)).artifact;
    }
    const { hex, size } = await read(place.path);
    return { digest: `sha256:${hex}`, size, kind: "file" };
  });
}
