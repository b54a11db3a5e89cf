export { type ExportExperiments, type Exported, exportExperiments } from "./archive/export-archive.ts";
export { type ImportFrom, importFrom, withSource } from "./import-from.ts";
export { type Imported, type ImportProgress, importSource } from "./import-source.ts";
export { type RunsAsCsv, runsAsCsv } from "./runs-csv.ts";
export { isServerUrl, type ServerCredentials, type TrackerServer } from "./server/server-url.ts";
