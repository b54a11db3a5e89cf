export { renderReport } from "./render-report.ts";
export type { Report, ReportTable } from "./report.ts";
