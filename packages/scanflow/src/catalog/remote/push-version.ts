import { encodeManifest, type FolderEntry } from "@scanflow/tracking/artifacts";
import type { ObjectStore } from "@scanflow/tracking/objects";
import type { CatalogRooms } from "../catalog-rooms.ts";
import { presentVersion } from "../present-version.ts";
import type { Found } from "../version-name.ts";
import { conflictError } from "./conflict.ts";
import { createVersionRecord, readDatasetRecord, readVersionRecord, writeDatasetRecord } from "./records.ts";
import { contentKey } from "./remote-keys.ts";
import { type Moved, Transfer, type TransferOptions } from "./transfer.ts";

/**
 * Sends what a remote lacks of a version, then its record: who sees that finds everything. What was sent before an
 * interruption is not sent again. Errors: SCANFLOW_DATA_CONFLICT, SCANFLOW_DATA_MISSING, SCANFLOW_DATA_RECORD, and
 * those of the stores.
 */
export async function pushVersion(
  rooms: CatalogRooms,
  objects: ObjectStore,
  { found, options }: { readonly found: Found; readonly options: TransferOptions },
): Promise<Moved> {
  const { dataset, version } = found;
  const { digest, kind } = version;
  const place = { dataset: dataset.name, version: version.version };
  const known = await readVersionRecord(objects, place.dataset, place.version);
  if (known && known.digest !== digest) {
    throw conflictError(place, { here: digest, there: known.digest, remote: objects.url });
  }
  if (known && !(await rooms.artifacts.has(digest))) return { ...place, digest, objects: 0, bytes: 0 };
  const release = rooms.artifacts.pin(digest);
  try {
    await presentVersion(rooms, found);
    const transfer = new Transfer(place, options);
    const entries = kind === "folder" ? await rooms.artifacts.entries(digest) : null;
    await transfer.each(entries ? filesOf(entries) : [version], (file) =>
      sendFile(rooms, objects, { ...file, transfer }),
    );
    if (entries) await sendManifest(objects, { digest, entries, transfer });
    await sendFacts(objects, found);
    const noted = known ?? (await createVersionRecord(objects, place.dataset, version));
    if (noted.digest !== digest) {
      throw conflictError(place, { here: digest, there: noted.digest, remote: objects.url });
    }
    return { ...place, digest, objects: transfer.objects, bytes: transfer.bytes };
  } finally {
    release();
  }
}

interface Content {
  readonly digest: string;
  readonly size: number;
}

/** Each content once. */
function filesOf(entries: readonly FolderEntry[]): Content[] {
  const files = entries.flatMap((entry) => (entry.kind === "file" ? [[entry.digest, entry] as const] : []));
  return [...new Map(files).values()];
}

async function sendFile(
  { artifacts }: CatalogRooms,
  objects: ObjectStore,
  { digest, size, transfer }: Content & { transfer: Transfer },
): Promise<void> {
  const key = contentKey("file", digest);
  if ((await objects.head(key))?.size === size) return transfer.found(size);
  const { stream } = await artifacts.open(digest);
  try {
    await objects.put(key, transfer.counted(stream), { size });
  } finally {
    stream.destroy();
  }
  transfer.objects += 1;
}

async function sendManifest(
  objects: ObjectStore,
  { digest, entries, transfer }: { digest: string; entries: readonly FolderEntry[]; transfer: Transfer },
): Promise<void> {
  const key = contentKey("folder", digest);
  const { bytes } = encodeManifest(entries);
  if ((await objects.head(key))?.size === bytes.length) return;
  await objects.put(key, bytes, { size: bytes.length });
  transfer.objects += 1;
}

/** What was said last of a dataset counts. */
async function sendFacts(objects: ObjectStore, { dataset }: Found): Promise<void> {
  const { versions: _, ...facts } = dataset;
  const known = await readDatasetRecord(objects, facts.name);
  if (!known || known.told < facts.told) await writeDatasetRecord(objects, facts);
}
