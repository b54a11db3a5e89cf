import { type ContentStore, findEntry } from "../artifacts/index.ts";
import type { Context } from "../context.ts";
import { invalid, missing } from "../refusal.ts";
import { type Statement, StoreRefusal } from "../store/index.ts";
import { rangeBelow } from "./root.ts";

/** Which stored content lies at which path of the tracker; paths are relative to `mlflow-artifacts:/`. */
export interface Location {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly kind: "file" | "folder";
}

export interface LocationContext extends Context {
  readonly artifacts: ContentStore;
}

const blocked = "path-blocked";

/** Statements that lay content at paths; refused when a file would have to be a folder, or the reverse. */
export function placeAll(locations: readonly Location[], nowMs: number): Statement[] {
  if (locations.length === 0) return [];
  return [
    {
      sql: "SELECT path FROM tracking_artifacts WHERE path = ? AND kind = 'file'",
      rows: locations.flatMap(({ path }) => parentsOf(path).map((parent) => [parent])),
      refuse: blocked,
    },
    {
      sql: `SELECT path FROM tracking_artifacts
        WHERE (path > ? AND path < ? AND ? = 'file') OR (path = ? AND kind <> ?) LIMIT 1`,
      rows: locations.map(({ path, kind }) => [...rangeBelow(path), kind, path, kind]),
      refuse: blocked,
    },
    {
      sql: `INSERT INTO tracking_artifacts (path, digest, size, kind, added_ms) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE
        SET digest = excluded.digest, size = excluded.size, added_ms = excluded.added_ms
        WHERE tracking_artifacts.digest <> excluded.digest`,
      rows: locations.map(({ path, digest, size, kind }) => [path, digest, size, kind, nowMs]),
    },
  ];
}

export function explainBlocked(error: unknown): unknown {
  if (!(error instanceof StoreRefusal) || error.tag !== blocked) return error;
  const path = error.rows[0]?.path;
  return invalid(
    `An artifact lies at '${path}', which stands in the way: a file cannot be a folder too. Delete it or choose another path.`,
  );
}

/** Stores a stream and lays it at a path, replacing the file that was there. */
export async function putFile(
  { store, artifacts, now }: LocationContext,
  path: string,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { digest, size } = await artifacts.put(source);
  // Until its row is committed, nothing else keeps the content from being swept.
  const release = artifacts.pin(digest);
  try {
    await store.write(placeAll([{ path, digest, size, kind: "file" }], now()));
  } catch (error) {
    throw explainBlocked(error);
  } finally {
    release();
  }
}

/** A stored file, wherever its path leads. */
export interface StoredFile {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The file at a path, also one inside a folder that was published as a whole. */
export async function findFile({ store, artifacts }: LocationContext, path: string): Promise<StoredFile> {
  const found = await nearest({ store }, path);
  if (found?.path === path && found.kind === "file") return found;
  if (found?.kind === "folder" && found.path !== path) {
    return findEntry(await artifacts.entries(found.digest), path.slice(found.path.length + 1), found.path);
  }
  throw missing(`No such artifact: '${path}'`);
}

/** Takes a file, or everything below a folder, off its path; the content stays for others that use it. */
export async function removeAt({ store }: Pick<Context, "store">, path: string): Promise<void> {
  const [removed] = await store.write([
    {
      sql: "DELETE FROM tracking_artifacts WHERE path = ? OR (path > ? AND path < ?)",
      params: [path, ...rangeBelow(path)],
    },
  ]);
  if (removed?.changes !== 0) return;
  const found = await nearest({ store }, path);
  if (found?.kind === "folder") {
    throw invalid(`'${path}' is part of the folder '${found.path}', which was published as a whole.`);
  }
}

/** What lies at a path or at the nearest folder above it. */
export async function nearest(
  { store }: Pick<Context, "store">,
  path: string,
): Promise<Location | undefined> {
  const asked = [path, ...parentsOf(path)];
  const rows = await store.read<Location>(
    `SELECT path, digest, size, kind FROM tracking_artifacts
      WHERE path IN (${asked.map(() => "?").join(", ")}) ORDER BY LENGTH(path) DESC LIMIT 1`,
    asked,
  );
  return rows[0];
}

/** `a/b/c` gives `a/b` and `a`. */
function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, parts.length - 1 - i).join("/"));
}
