import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { TransferError } from "../errors.ts";

/** What is read of MLflow's tables; those of logged models came with 3.0. */
const needed: Readonly<Record<string, string>> = {
  experiments: "experiment_id name artifact_location lifecycle_stage creation_time last_update_time",
  experiment_tags: "key value experiment_id",
  runs: "run_uuid name user_id status start_time end_time deleted_time lifecycle_stage artifact_uri experiment_id",
  params: "key value run_uuid",
  tags: "key value run_uuid",
  metrics: "key value timestamp run_uuid step is_nan",
  latest_metrics: "key value timestamp run_uuid step is_nan",
  datasets:
    "dataset_uuid name digest dataset_source_type dataset_source dataset_schema dataset_profile experiment_id",
  inputs: "input_uuid source_type source_id destination_type destination_id",
  input_tags: "input_uuid name value",
  registered_models: "name creation_time last_updated_time description",
  registered_model_tags: "key value name",
  registered_model_aliases: "alias version name",
  model_versions:
    "name version creation_time last_updated_time description user_id current_stage source run_id status status_message run_link storage_location",
  model_version_tags: "key value name version",
};

export interface MlflowDatabase {
  readonly db: DatabaseSync;
  /** Whether it has tables of logged models. */
  readonly hasLoggedModels: boolean;
}

/**
 * Opens MLflow's SQLite file to read it and nothing else. Errors: SCANFLOW_TRANSFER_SOURCE when it is not there, is no
 * database, or lacks a table or column of MLflow 2.12 to 3.x.
 */
export function openMlflowDatabase(file: string): MlflowDatabase {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    throw unusable(
      file,
      "it is a folder",
      'Name MLflow\'s database. Make one of runs that lie in a folder mlruns, with MLflow 3: "mlflow migrate-filestore --source FOLDER --target sqlite:///mlflow.db".',
    );
  }
  if (!found?.isFile()) {
    throw unusable(
      file,
      "there is no such file",
      "Name MLflow's database, such as mlflow.db, an archive, or the URL of a server.",
    );
  }
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const hasLoggedModels = check(db, file);
    return { db, hasLoggedModels };
  } catch (error) {
    db.close();
    throw error;
  }
}

function check(db: DatabaseSync, file: string): boolean {
  let revision: string;
  try {
    const row = db.prepare("SELECT version_num FROM alembic_version").get();
    revision = String(row?.version_num ?? "none");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unusable(
      file,
      `it is no database of MLflow (${reason})`,
      "Name the file that MLflow writes.",
      cause,
    );
  }
  for (const [table, columns] of Object.entries(needed)) {
    const absent = columns.split(" ").filter((column) => !columnsOf(db, table).includes(column));
    if (absent.length === 0) continue;
    throw unusable(
      file,
      `its schema ${revision} has no ${absent.map((column) => `${table}.${column}`).join(", ")}`,
      'MLflow 2.12 to 3.x can be imported. Bring an older file forward with "mlflow db upgrade sqlite:///FILE", on a copy.',
    );
  }
  return columnsOf(db, "logged_models").length > 0;
}

function columnsOf(db: DatabaseSync, table: string): string[] {
  return db
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map((row) => String(row.name));
}

function unusable(file: string, why: string, next: string, cause?: unknown): TransferError {
  return new TransferError("SCANFLOW_TRANSFER_SOURCE", `${file} cannot be imported: ${why}. ${next}`, {
    cause,
  });
}
