import { stat } from "node:fs/promises";
import type { FileEntry, FolderEntry } from "./artifact.ts";
import { corruptError, missingError, openStored, type Wanted } from "./blob.ts";
import { readFully } from "./content.ts";
import { ArtifactError } from "./errors.ts";
import { decodeManifest, manifestHex } from "./manifest.ts";
import { type StoreFolder, storedPath } from "./store-folder.ts";
import { isSystemError } from "./system-error.ts";

/** Size in bytes of what is stored, or undefined if nothing is. */
export async function storedSize(
  store: StoreFolder,
  kind: "file" | "folder",
  hex: string,
): Promise<number | undefined> {
  try {
    return (await stat(storedPath(store, kind, hex))).size;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** `label` names a file where a folder was expected. */
export function fileNotFolder(label: string, cause?: unknown): ArtifactError {
  const message = `${label} is a file, and a folder was expected. Open it as a file.`;
  return new ArtifactError("SCANFLOW_ARTIFACT_KIND", message, { cause });
}

/** The entries of a stored folder, its manifest checked. `SCANFLOW_ARTIFACT_KIND` if the digest is a file's. */
export async function readEntries(store: StoreFolder, folder: Wanted): Promise<readonly FolderEntry[]> {
  const handle = await openStored(store, "folder", folder).catch(async (error: unknown) => {
    if ((await storedSize(store, "file", folder.hex)) === undefined) throw error;
    throw fileNotFolder(folder.label, error);
  });
  try {
    const { size, ino } = await handle.stat({ bigint: true });
    const bytes = await readFully(handle, Buffer.allocUnsafe(Number(size)), 0);
    const hex = manifestHex(bytes);
    if (hex !== folder.hex)
      throw await corruptError(store, "folder", folder, { hex, size: bytes.length, ino });
    return decodeManifest(bytes);
  } finally {
    await handle.close();
  }
}

/** A file of a folder, called in errors by its path in it. */
export function wantedEntry(entry: FileEntry, folder: Wanted): Wanted {
  const label = `${entry.digest} (${JSON.stringify(entry.path)} of the folder ${folder.label})`;
  return { hex: entry.digest.slice("sha256:".length), label };
}

/** The kind of what is stored under a digest, or `SCANFLOW_ARTIFACT_MISSING`. */
export async function kindOf(store: StoreFolder, { hex, label }: Wanted): Promise<"file" | "folder"> {
  if ((await storedSize(store, "file", hex)) !== undefined) return "file";
  if ((await storedSize(store, "folder", hex)) !== undefined) return "folder";
  throw missingError(label);
}
