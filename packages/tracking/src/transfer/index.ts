export { importMlflow, type MlflowImport } from "./import-mlflow.ts";
export type { Imported, ImportProgress } from "./import-source.ts";
export { type RunsAsCsv, runsAsCsv } from "./runs-csv.ts";
