import type { ByteRange, ContentStore, OpenArtifact } from "../artifacts/index.ts";
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

/** Opens the file at a path, also one inside a folder that was published as a whole. */
export async function openFile(
  { store, artifacts }: LocationContext,
  path: string,
  range?: ByteRange,
): Promise<OpenArtifact> {
  const found = await nearest({ store }, path);
  if (found?.path === path && found.kind === "file") return artifacts.open(found.digest, range);
  if (found?.kind === "folder" && found.path !== path) {
    const entry = path.slice(found.path.length + 1);
    return (await artifacts.openEntry(found.digest, entry, range)) satisfies OpenArtifact;
  }
  throw missing(`No such artifact: '${path}'`);
}

/** Size of the file at a path; undefined when none lies there. */
export async function sizeOf(context: LocationContext, path: string): Promise<number | undefined> {
  const found = await nearest(context, path);
  if (!found) return undefined;
  if (found.path === path) return found.kind === "file" ? found.size : undefined;
  if (found.kind !== "folder") return undefined;
  const inside = path.slice(found.path.length + 1);
  const entry = (await context.artifacts.entries(found.digest)).find((one) => one.path === inside);
  return entry?.kind === "file" ? entry.size : undefined;
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
