import { nearest } from "../locations/locations.ts";
import { rangeBelow } from "../locations/root.ts";
import type { RunContext } from "../runs/run-index.ts";

/** A file or folder that lies at a path of the tracker. */
export interface HeldFile {
  /** Relative to what was asked for; "" is that itself. */
  readonly path: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
  readonly kind: "file" | "folder";
}

/** Most files of a folder that are named. */
const MOST = 1000;

/** What lies at a path or below it, in the order of the paths. A folder that was published whole stands for its files. */
export async function filesBelow({ store }: RunContext, path: string): Promise<HeldFile[]> {
  const rows = await store.read<HeldFile>(
    `SELECT path, digest, size, kind FROM tracking_artifacts
      WHERE path = ? OR (path > ? AND path < ?) ORDER BY path LIMIT ${MOST}`,
    [path, ...rangeBelow(path)],
  );
  if (rows.length > 0) return rows.map((row) => ({ ...row, path: row.path.slice(path.length + 1) }));
  const around = await nearest({ store }, path);
  return around ? [{ ...around, path: "" }] : [];
}

/** What lies at a path of a run's artifacts; none when the run or its files are not here. */
export async function filesOfRun(context: RunContext, runId: string, path: string): Promise<HeldFile[]> {
  const run = await context.index.find(runId);
  if (run?.root === undefined) return [];
  return filesBelow(context, path === "" ? run.root : `${run.root}/${path}`);
}

/** A run that holds a content. */
export interface Holder {
  readonly runId: string;
  /** Where, in its artifacts. */
  readonly path: string;
}

/** The runs that hold a content, also as a model that they logged. */
export async function holdersOf(context: RunContext, digest: string): Promise<Holder[]> {
  const rows = await context.store.read<{ path: string }>(
    "SELECT path FROM tracking_artifacts WHERE digest = ? ORDER BY added_ms, path",
    [digest],
  );
  const holders: Holder[] = [];
  for (const { path } of rows) {
    const [, owner = "", inside = ""] = /(?:^|\/)([^/]+)\/artifacts(?:\/(.*))?$/.exec(path) ?? [];
    const runId = owner.startsWith("m-") ? await loggedBy(context, owner) : owner;
    if (runId !== undefined && (await context.index.find(runId))) holders.push({ runId, path: inside });
  }
  return holders;
}

async function loggedBy({ store }: RunContext, modelId: string): Promise<string | undefined> {
  const [row] = await store.read<{ run: string | null }>(
    "SELECT source_run_id AS run FROM tracking_logged_models WHERE model_id = ?",
    [modelId],
  );
  return row?.run ?? undefined;
}
