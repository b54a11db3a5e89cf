import { open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Tracking } from "../tracking.ts";
import { openArchiveSource } from "./archive/archive-source.ts";
import { type Imported, type ImportOptions, importSource } from "./import-source.ts";
import { openMlflowSource } from "./mlflow/mlflow-source.ts";
import type { TransferSource } from "./records.ts";
import { openServerSource } from "./server/server-source.ts";
import { isServerUrl, type ServerCredentials, serverAddress } from "./server/server-url.ts";

/** What an import takes, and how it names things here. */
export interface ImportFrom extends ImportOptions {
  /** The URL of a tracking server (MLflow 2.14 to 3.x, Scanflow), an archive of `exportExperiments`, or MLflow's SQLite file (2.12 to 3.x). */
  readonly from: string;
  /** Where the artifacts of an SQLite file lie, if not where it says: `mlruns` or its server's destination. */
  readonly artifactsFrom?: string | undefined;
  /** For a server. */
  readonly credentials?: ServerCredentials | undefined;
}

/**
 * Takes over experiments, runs, models and their files, under the same ids. What was taken over before is passed over,
 * so it may be repeated; what it is taken from is only read. Of an SQLite file, files are read below its folder and
 * below `artifactsFrom`; of a server, through its artifact proxy; what lies in S3 and the like stays there.
 * An archive is checked to its end before anything is taken from it.
 * Errors: SCANFLOW_TRANSFER_…; SCANFLOW_PACK_…; those of the store and the artifacts.
 */
export async function importFrom(
  { context }: Tracking,
  { from, artifactsFrom, credentials, ...options }: ImportFrom,
): Promise<Imported> {
  return withSource({ from, artifactsFrom, credentials, signal: options.signal }, (source) =>
    importSource(context, source, options),
  );
}

/** Opens what may be imported, and sees that it can be read before it is worked with. Errors: as `importFrom`. */
export async function withSource<T>(
  asked: Pick<ImportFrom, "from" | "artifactsFrom" | "credentials" | "signal">,
  work: (source: TransferSource) => Promise<T>,
): Promise<T> {
  const source = await openSource(asked);
  try {
    await source.experiments();
    return await work(source);
  } finally {
    source.close();
  }
}

async function openSource({
  from,
  artifactsFrom,
  credentials = {},
  signal,
}: ImportFrom): Promise<TransferSource> {
  if (isServerUrl(from)) return openServerSource(serverAddress(from, credentials), signal);
  const path = resolve(from);
  if (await isCompressed(path)) return openArchiveSource(path);
  const artifacts = artifactsFrom === undefined ? undefined : resolve(artifactsFrom);
  return openMlflowSource(path, { folder: dirname(path), artifacts });
}

/** By its first bytes: a database of SQLite begins with its name. What cannot be read is told by who opens the database. */
async function isCompressed(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
