import type { ContentStore } from "../artifacts/index.ts";
import type { Location, LocationContext } from "../locations/locations.ts";
import { containedPath } from "../locations/path.ts";
import { containedRoot } from "../locations/root.ts";
import { TransferError } from "./errors.ts";
import type { FileRecord, FolderRecord } from "./records.ts";

/** Content that was stored and is pinned until its rows are written. */
export interface StoredFiles {
  readonly locations: readonly Location[];
  readonly release: () => void;
}

/** Where files go; the signal ends the storing in the middle of a file. */
export interface Storage {
  /** An artifact URI of ours. */
  readonly uri: string;
  readonly signal?: AbortSignal | undefined;
}

/** Stores files, one after the other and each as a stream, and says where below the URI they belong. */
export async function storeFiles(
  { artifacts }: Pick<LocationContext, "artifacts">,
  files: AsyncIterable<FileRecord | FolderRecord>,
  { uri, signal }: Storage,
): Promise<StoredFiles> {
  const root = containedRoot(uri) ?? "";
  const pins: (() => void)[] = [];
  const release = () => {
    for (const unpin of pins) unpin();
  };
  const storing: Storing = { artifacts, signal, pin: (digest) => pins.push(artifacts.pin(digest)) };
  const locations: Location[] = [];
  try {
    for await (const file of files) {
      const path = `${root}/${containedPath(file.path)}`;
      const stored = "entries" in file ? await storeFolder(storing, file) : await storeFile(storing, file);
      locations.push({ path, ...stored });
    }
  } catch (error) {
    release();
    throw error;
  }
  return { locations, release };
}

interface Storing extends Pick<Storage, "signal"> {
  readonly artifacts: ContentStore;
  readonly pin: (digest: string) => void;
}

async function storeFile(
  { artifacts, pin, signal }: Storing,
  { path, digest: expected, size: length = -1, open }: FileRecord,
): Promise<Omit<Location, "path">> {
  if (expected !== undefined) {
    pin(expected);
    // A server that shares the files may be about to remove what is old, and knows of no pin here.
    const known = await artifacts.renew(expected, length);
    if (known) return { digest: expected, size: length, kind: "file" };
  }
  const { digest, size } = await artifacts.put(ending(open(), signal));
  if (expected !== undefined && digest !== expected) throw changed(path, expected, digest);
  pin(digest);
  return { digest, size, kind: "file" };
}

async function* ending(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    signal?.throwIfAborted();
    yield piece;
  }
}

async function storeFolder(
  storing: Storing,
  { path, digest, entries, open }: FolderRecord,
): Promise<Omit<Location, "path">> {
  storing.pin(digest);
  for (const entry of entries) {
    if (entry.kind !== "file") continue;
    await storeFile(storing, {
      ...{
        path: `${path}/${entry.path}`,
        digest: entry.digest,
        size: entry.size,
        open: () => open(entry.digest),
      },
    });
  }
  const made = await storing.artifacts.putFolder(entries);
  if (made.digest !== digest) throw changed(path, digest, made.digest);
  return { digest, size: made.size, kind: "folder" };
}

function changed(path: string, expected: string, digest: string): TransferError {
  return new TransferError(
    "SCANFLOW_TRANSFER_ARTIFACTS",
    `The content at ${path} is ${digest}, and ${expected} was expected. Its run was left out; fetch what is imported again, and import that.`,
  );
}
