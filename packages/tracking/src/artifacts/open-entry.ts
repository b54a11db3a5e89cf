import type { FileEntry, FolderEntry } from "./artifact.ts";
import type { Wanted } from "./blob.ts";
import { type ByteRange, type OpenArtifact, openBlob } from "./blob-stream.ts";
import { ArtifactError } from "./errors.ts";
import { kindOf, readEntries, wantedEntry } from "./folder.ts";
import { folderTree, followPath } from "./link.ts";
import type { StoreFolder } from "./store-folder.ts";

/** See `ContentStore.open`. */
export async function openFile(store: StoreFolder, wanted: Wanted, range?: ByteRange): Promise<OpenArtifact> {
  if ((await kindOf(store, wanted)) === "folder") throw folderNotFile(wanted.label);
  return openBlob(store, wanted, range);
}

/** The file at a path in a folder, links followed. `SCANFLOW_ARTIFACT_ENTRY` if there is none. */
export function findEntry(entries: readonly FolderEntry[], path: string, folder: string): FileEntry {
  const followed = followPath(folderTree(entries), path);
  const entry =
    "path" in followed
      ? entries.find((one): one is FileEntry => one.kind === "file" && one.path === followed.path)
      : undefined;
  if (entry !== undefined) return entry;
  throw new ArtifactError(
    "SCANFLOW_ARTIFACT_ENTRY",
    `The folder ${folder} has no file ${JSON.stringify(path)}. List its entries to see what it has.`,
  );
}

/** `digest` names a folder where a file was expected. */
export function folderNotFile(label: string): ArtifactError {
  return new ArtifactError(
    "SCANFLOW_ARTIFACT_KIND",
    `${label} is a folder, and a file was expected. Name one of its entries.`,
  );
}

/** See `ContentStore.openEntry`. */
export async function openEntry(
  store: StoreFolder,
  folder: Wanted,
  { path, ...range }: ByteRange & { path: string },
): Promise<OpenArtifact & { entry: FileEntry }> {
  const entry = findEntry(await readEntries(store, folder), path, folder.label);
  return { ...(await openBlob(store, wantedEntry(entry, folder), range)), entry };
}
