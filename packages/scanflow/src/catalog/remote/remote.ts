import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DataName, formatDataName, ScanflowError } from "@scanflow/core";
import { type ObjectStore, openObjectStore } from "@scanflow/tracking/objects";
import type { CatalogRooms } from "../catalog-rooms.ts";
import { unknownThere } from "./pull-version.ts";
import { datasetsPrefix, versionOfKey, versionsPrefix } from "./remote-keys.ts";
import type { TransferOptions } from "./transfer.ts";

/**
 * Opens a remote for some work (the one used last when none is named), and remembers it when the work is done.
 * Errors: SCANFLOW_DATA_REMOTE, and those of the object stores.
 */
export async function withRemote<T>(
  { store }: CatalogRooms,
  { remote, now }: TransferOptions,
  work: (objects: ObjectStore) => Promise<T>,
): Promise<T> {
  const objects = await openObjectStore(remote ?? (await lastRemote({ store })));
  try {
    const done = await work(objects);
    await store.write([
      {
        sql: "INSERT INTO catalog_remotes (url, used) VALUES (?, ?) ON CONFLICT (url) DO UPDATE SET used = excluded.used",
        params: [objects.url, now],
      },
    ]);
    return done;
  } finally {
    await objects.close();
  }
}

/** Opens a remote (null: the one used last) to look at it; it is not remembered. Errors: as `withRemote`. */
export async function askRemote<T>(
  rooms: CatalogRooms,
  remote: string | null,
  work: (objects: ObjectStore) => Promise<T>,
): Promise<T> {
  const url = remote ?? (await lastRemote(rooms));
  refuseAbsent(url);
  const objects = await openObjectStore(url);
  try {
    return await work(objects);
  } finally {
    await objects.close();
  }
}

/** Every version that a remote has: `NAME@VERSION`. */
export async function versionsThere(objects: ObjectStore): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { key } of objects.list(datasetsPrefix)) {
    const place = versionOfKey(key);
    if (place) found.add(`${place.dataset}@${place.version}`);
  }
  return found;
}

/** To open a folder makes it; where something is to be fetched, one that is not there is a mistake. */
export function refuseAbsent(remote: string | undefined): void {
  if (remote === undefined || !/^file:\/\/\//i.test(remote) || existsSync(fileURLToPath(remote))) return;
  throw new ScanflowError("SCANFLOW_DATA_REMOTE", `There is nothing at ${remote}. Correct the address.`);
}

/** The versions in a remote that are meant: by a dataset's name its newest, by none the newest of each, or all. */
export async function chooseThere(
  objects: ObjectStore,
  name: DataName | null,
  all: boolean,
): Promise<{ dataset: string; version: number }[]> {
  if (name !== null && name.version !== null) return [{ dataset: name.dataset, version: name.version }];
  const prefix = name === null ? datasetsPrefix : versionsPrefix(name.dataset);
  const found: { dataset: string; version: number }[] = [];
  for await (const { key } of objects.list(prefix)) {
    const place = versionOfKey(key);
    if (place) found.push(place);
  }
  if (name !== null && found.length === 0) throw unknownThere(formatDataName(name), objects.url);
  found.sort((a, b) => b.version - a.version);
  if (all) return found;
  return [...Map.groupBy(found, ({ dataset }) => dataset).values()].flatMap((some) => some.slice(0, 1));
}

async function lastRemote({ store }: Pick<CatalogRooms, "store">): Promise<string> {
  const [row] = await store.read<{ url: string }>(
    "SELECT url FROM catalog_remotes ORDER BY used DESC, url LIMIT 1",
  );
  if (row) return row.url;
  throw new ScanflowError(
    "SCANFLOW_DATA_REMOTE",
    "No remote was named, and none was used here before. Name one with --remote file:///FOLDER or --remote s3://BUCKET/PREFIX.",
  );
}
