export { type ExportExperiments, type Exported, exportExperiments } from "./archive/export-archive.ts";
export { type ImportFrom, importFrom } from "./import-from.ts";
export type { Imported, ImportProgress } from "./import-source.ts";
export { type RunsAsCsv, runsAsCsv } from "./runs-csv.ts";
