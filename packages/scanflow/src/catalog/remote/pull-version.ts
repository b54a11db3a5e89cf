import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { errorCode, ScanflowError } from "@scanflow/core";
import {
  decodeManifest,
  encodeManifest,
  type FileEntry,
  type FolderEntry,
} from "@scanflow/tracking/artifacts";
import type { ObjectStore } from "@scanflow/tracking/objects";
import type { Dataset, DataVersion } from "../../api/index.ts";
import type { CatalogRooms } from "../catalog-rooms.ts";
import { pulledDatasetRow, pulledVersionRows } from "../catalog-rows.ts";
import { conflictError } from "./conflict.ts";
import { readDatasetRecord, readVersionRecord } from "./records.ts";
import { contentKey } from "./remote-keys.ts";
import { type Moved, Transfer, type TransferOptions } from "./transfer.ts";

export interface PullOptions {
  readonly place: { readonly dataset: string; readonly version: number };
  /** What is known here. */
  readonly datasets: readonly Dataset[];
  readonly options: TransferOptions;
  /** Keeps content from being collected until the version is noted, and after. */
  readonly hold: (digest: string) => void;
}

interface Fetching {
  readonly rooms: CatalogRooms;
  readonly objects: ObjectStore;
  readonly transfer: Transfer;
}

/**
 * Fetches a version: every object is checked against its digest, the artifact appears whole or not at all, and the
 * version is noted last. Errors: SCANFLOW_DATA_UNKNOWN, SCANFLOW_DATA_CONFLICT, SCANFLOW_DATA_CORRUPT,
 * SCANFLOW_DATA_RECORD, and those of the stores.
 */
export async function pullVersion(
  rooms: CatalogRooms,
  objects: ObjectStore,
  { place, datasets, options, hold }: PullOptions,
): Promise<Moved> {
  const record = await readVersionRecord(objects, place.dataset, place.version);
  const facts = await readDatasetRecord(objects, place.dataset);
  if (!record || !facts) throw unknownThere(`${place.dataset}@${place.version}`, objects.url);
  const { digest } = record;
  const known = datasets.find(({ name }) => name === place.dataset);
  const own = known?.versions.find(({ version }) => version === place.version);
  if (own && own.digest !== digest) {
    throw conflictError(place, { here: own.digest, there: digest, remote: objects.url });
  }
  const transfer = new Transfer(place, options);
  hold(digest);
  if (!(await rooms.artifacts.has(digest))) {
    const fetching = { rooms, objects, transfer };
    await (record.kind === "file" ? fetchFile(fetching, record) : fetchFolder(fetching, record));
  }
  await rooms.store.write([pulledDatasetRow(facts), ...pulledVersionRows(place.dataset, record)]);
  return { ...place, digest, objects: transfer.objects, bytes: transfer.bytes };
}

export function unknownThere(name: string, remote: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DATA_UNKNOWN",
    `${remote} has no ${name}. Push it from where it was added, or name another remote with --remote.`,
  );
}

async function fetchFile(fetching: Fetching, { digest, size }: DataVersion): Promise<void> {
  await fetching.transfer.each([{ digest, size }], (file) => fetchContent(fetching, file));
}

async function fetchFolder(fetching: Fetching, record: DataVersion): Promise<void> {
  const { rooms, transfer } = fetching;
  const entries = await fetchManifest(fetching, record);
  const files = new Map(entries.filter(isFile).map((entry) => [entry.digest, entry]));
  const releases = [...files.keys()].map((digest) => rooms.artifacts.pin(digest));
  try {
    await transfer.each([...files.values()], async (file) => {
      if ((await rooms.artifacts.stat(file.digest))?.size === file.size) return transfer.found(file.size);
      await fetchContent(fetching, file);
    });
    await rooms.artifacts.putFolder(entries);
  } finally {
    for (const release of releases) release();
  }
}

const isFile = (entry: FolderEntry): entry is FileEntry => entry.kind === "file";

/** The manifest is what the version's digest says, so all digests in it can be trusted. */
async function fetchManifest(
  { objects, transfer }: Fetching,
  { digest, size, files }: DataVersion,
): Promise<readonly FolderEntry[]> {
  const key = contentKey("folder", digest);
  const found = await objects.get(key);
  if (found === undefined) throw corrupt(objects, key, "is missing");
  const entries = decode(objects, key, await buffer(found.stream));
  const { artifact } = encodeManifest(entries);
  if (artifact.digest !== digest) throw corrupt(objects, key, `has the digest ${artifact.digest}`);
  if (artifact.size !== size || entries.filter(isFile).length !== files) {
    throw corrupt(objects, key, "does not hold what the version's record says");
  }
  transfer.objects += 1;
  return entries;
}

function decode(objects: ObjectStore, key: string, bytes: Buffer): readonly FolderEntry[] {
  try {
    return decodeManifest(bytes);
  } catch (cause) {
    if (errorCode(cause) !== "SCANFLOW_ARTIFACT_MANIFEST") throw cause;
    throw corrupt(objects, key, "is no manifest of a folder", cause);
  }
}

async function fetchContent(
  { rooms, objects, transfer }: Fetching,
  { digest, size }: { readonly digest: string; readonly size: number },
): Promise<void> {
  const key = contentKey("file", digest);
  const found = await objects.get(key);
  if (found === undefined) throw corrupt(objects, key, "is missing");
  try {
    if (found.size !== size) throw corrupt(objects, key, `has ${found.size} bytes instead of ${size}`);
    await rooms.artifacts.put(checked(transfer.counted(found.stream), { objects, key, digest }));
  } finally {
    found.stream.destroy();
  }
  transfer.objects += 1;
}

/** Fails at its end when the content is another one, so that what takes it in drops it. */
async function* checked(
  content: AsyncIterable<Uint8Array>,
  { objects, key, digest }: { objects: ObjectStore; key: string; digest: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const bytes of content) {
    hash.update(bytes);
    yield bytes;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) throw corrupt(objects, key, `has the digest ${found}`);
}

function corrupt({ url }: ObjectStore, key: string, problem: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DATA_CORRUPT",
    `${key} in ${url} ${problem}. The version was not taken in. Remove that object there, if it is there, and push the version again from where its content is.`,
    { cause },
  );
}
