import type { FileEntry } from "./artifact.ts";
import type { Wanted } from "./blob.ts";
import { type ByteRange, type OpenArtifact, openBlob } from "./blob-stream.ts";
import { ArtifactError } from "./errors.ts";
import { kindOf, readEntries, wantedEntry } from "./folder.ts";
import { folderTree, followPath } from "./link.ts";
import type { StoreFolder } from "./store-folder.ts";

/** See `ArtifactStore.open`. */
export async function openFile(store: StoreFolder, wanted: Wanted, range?: ByteRange): Promise<OpenArtifact> {
  if ((await kindOf(store, wanted)) === "folder") {
    throw new ArtifactError(
      "SCANFLOW_ARTIFACT_KIND",
      `${wanted.label} is a folder, and a file was expected. Name one of its entries.`,
    );
  }
  return openBlob(store, wanted, range);
}

/** See `ArtifactStore.openEntry`. */
export async function openEntry(
  store: StoreFolder,
  folder: Wanted,
  { path, ...range }: ByteRange & { path: string },
): Promise<OpenArtifact & { entry: FileEntry }> {
  const entries = await readEntries(store, folder);
  const followed = followPath(folderTree(entries), path);
  const entry =
    "path" in followed
      ? entries.find((one): one is FileEntry => one.kind === "file" && one.path === followed.path)
      : undefined;
  if (entry === undefined) {
    throw new ArtifactError(
      "SCANFLOW_ARTIFACT_ENTRY",
      `The folder ${folder.label} has no file ${JSON.stringify(path)}. List its entries to see what it has.`,
    );
  }
  return { ...(await openBlob(store, wantedEntry(entry, folder), range)), entry };
}
