import { dirname, relative, resolve, sep } from "node:path";
import type { Statement } from "@scanflow/tracking/store";
import type { CatalogRooms } from "./catalog-rooms.ts";

/** Where a dataset was added from last, and what was found there then. */
export interface Source {
  /** Absolute. */
  readonly path: string;
  readonly digest: string;
  /** What it looked like, before it was read: see `surveyOf`. */
  readonly fingerprint: string;
}

interface SourceRow extends Source {
  readonly dataset: string;
}

/** The sources by their datasets' names. */
export async function readSources({ store, folder }: CatalogRooms): Promise<Map<string, Source>> {
  const rows = await store.read<SourceRow>(
    "SELECT dataset, path, digest, fingerprint FROM catalog_sources ORDER BY dataset",
  );
  const root = dirname(folder.path);
  return new Map(
    rows.map(({ dataset, path, ...found }) => [dataset, { ...found, path: resolve(root, path) }]),
  );
}

/** Notes a source. What lies in the application's folder is noted by its way from there: both may move together. */
export function sourceRow({ folder }: CatalogRooms, dataset: string, source: Source): Statement {
  const way = relative(dirname(folder.path), source.path);
  const inside = way !== ".." && !way.startsWith(`..${sep}`);
  return {
    sql: `INSERT INTO catalog_sources (dataset, path, digest, fingerprint) VALUES (?, ?, ?, ?)
      ON CONFLICT (dataset) DO UPDATE SET path = excluded.path, digest = excluded.digest,
        fingerprint = excluded.fingerprint`,
    params: [dataset, inside ? way : source.path, source.digest, source.fingerprint],
  };
}

/** Notes what a source was found to be, unless the dataset was added from elsewhere meanwhile. */
export function seenAgain(dataset: string, before: Source, { digest, fingerprint }: Source): Statement {
  return {
    sql: "UPDATE catalog_sources SET digest = ?, fingerprint = ? WHERE dataset = ? AND fingerprint = ?",
    params: [digest, fingerprint, dataset, before.fingerprint],
  };
}
