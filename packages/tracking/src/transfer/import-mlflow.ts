import { dirname, resolve } from "node:path";
import type { Tracking } from "../tracking.ts";
import { type Imported, type ImportOptions, importSource } from "./import-source.ts";
import { openMlflowSource } from "./mlflow/mlflow-source.ts";

export interface MlflowImport extends ImportOptions {
  /** MLflow's SQLite file, 2.12 to 3.x; it is only read. */
  readonly file: string;
  /** Where its artifacts lie, if not where it says: `mlruns` or what its server was given as destination. */
  readonly artifactsFrom?: string | undefined;
}

/**
 * Takes over experiments, runs, models and their files from MLflow's SQLite file, under the same ids. What was taken
 * over before is passed over, so it may be repeated. Files are read below the folder of the database and below
 * `artifactsFrom`, and nowhere else; what lies in S3 and the like stays there.
 * Errors: SCANFLOW_TRANSFER_…; those of the store and the artifacts.
 */
export async function importMlflow(
  { context }: Tracking,
  { file, artifactsFrom, ...options }: MlflowImport,
): Promise<Imported> {
  const path = resolve(file);
  const artifacts = artifactsFrom === undefined ? undefined : resolve(artifactsFrom);
  const source = openMlflowSource(path, { folder: dirname(path), artifacts });
  try {
    return await importSource(context, source, options);
  } finally {
    source.close();
  }
}
