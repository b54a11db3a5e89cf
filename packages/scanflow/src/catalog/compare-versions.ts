import type { FolderEntry } from "@scanflow/tracking/artifacts";
import type { DataDifference, Dataset } from "../api/index.ts";
import type { CatalogRooms } from "./catalog-rooms.ts";
import { presentVersion } from "./present-version.ts";
import { isTable, readTable, type Table } from "./table/read-table.ts";
import { type Found, findVersion, readVersionName } from "./version-name.ts";

type FileChange = DataDifference["files"][number];

/** A file as a version has it. Links and empty folders are `null`: nothing can be read there. */
interface Held {
  readonly mark: string;
  readonly size: number;
  readonly digest: string | null;
}

/**
 * Says what is different between two versions: by file, of tables also rows and columns.
 * Errors: SCANFLOW_DATA_UNKNOWN, SCANFLOW_DATA_MISSING.
 */
export async function compareVersions(
  rooms: CatalogRooms,
  before: Found,
  after: Found,
): Promise<DataDifference> {
  const sides = { before: sideOf(before), after: sideOf(after) };
  const equal = before.version.digest === after.version.digest;
  if (equal) return { ...sides, equal, files: [] };
  const left = await filesOf(rooms, before);
  const right = await filesOf(rooms, after);
  // A file alone may have been called something else before.
  const files = await changesOf(rooms, renamed(left, before, after), right);
  return { ...sides, equal, files };
}

/** The versions that are meant: of one name, that version and the one before it. */
export function chooseSides(
  datasets: readonly Dataset[],
  before: string,
  after: string | undefined,
): { before: Found; after: Found } {
  const first = findVersion(datasets, readVersionName(before));
  if (after !== undefined) return { before: first, after: findVersion(datasets, readVersionName(after)) };
  const { dataset, version } = first;
  const older = dataset.versions.find((one) => one.version < version.version) ?? version;
  return { before: { dataset, version: older }, after: first };
}

function sideOf({ dataset, version }: Found): DataDifference["before"] {
  return { dataset: dataset.name, version: version.version, digest: version.digest };
}

async function filesOf(rooms: CatalogRooms, found: Found): Promise<Map<string, Held>> {
  const { digest, kind, size, fileName } = found.version;
  await presentVersion(rooms, found);
  if (kind === "file") return new Map([[fileName, { mark: digest, size, digest }]]);
  return new Map((await rooms.artifacts.entries(digest)).map((entry) => [entry.path, heldOf(entry)]));
}

function heldOf(entry: FolderEntry): Held {
  if (entry.kind === "link") return { mark: `link ${entry.link}`, size: 0, digest: null };
  if (entry.kind === "folder") return { mark: "folder", size: 0, digest: null };
  const { digest, size, executable = false } = entry;
  return { mark: `${digest} ${executable}`, size, digest };
}

function renamed(files: Map<string, Held>, before: Found, after: Found): Map<string, Held> {
  if (before.version.kind !== "file" || after.version.kind !== "file") return files;
  return new Map([...files.values()].map((held) => [after.version.fileName, held]));
}

async function changesOf(
  rooms: CatalogRooms,
  before: ReadonlyMap<string, Held>,
  after: ReadonlyMap<string, Held>,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old?.mark === now?.mark) continue;
    const sizes = { sizeBefore: old?.size ?? null, sizeAfter: now?.size ?? null };
    if (!old || !now) {
      changes.push({ path, change: old ? "removed" : "added", ...sizes, table: null });
    } else {
      changes.push({ path, change: "changed", ...sizes, table: await tableChange(rooms, path, [old, now]) });
    }
  }
  return changes;
}

async function tableChange(
  rooms: CatalogRooms,
  path: string,
  [old, now]: readonly [Held, Held],
): Promise<FileChange["table"]> {
  if (old.digest === now.digest) return null;
  const before = await tableOf(rooms, path, old);
  const after = await tableOf(rooms, path, now);
  if (before === null || after === null) return null;
  const [names, nowNames] = [before, after].map(({ schema }) => schema.columns.map(({ name }) => name));
  return {
    rowsBefore: before.rows,
    rowsAfter: after.rows,
    columnsBefore: before.schema.columns.length,
    columnsAfter: after.schema.columns.length,
    columnsAdded: nowNames?.filter((name) => !names?.includes(name)) ?? [],
    columnsRemoved: names?.filter((name) => !nowNames?.includes(name)) ?? [],
  };
}

async function tableOf({ artifacts }: CatalogRooms, path: string, held: Held): Promise<Table | null> {
  if (held.digest === null || !isTable(path)) return null;
  return readTable(path, (await artifacts.open(held.digest)).stream);
}
