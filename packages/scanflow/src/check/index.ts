export type { CheckSpec } from "./check-spec.ts";
export { reportPage } from "./report-page.ts";
export { type CheckReport, type CheckResult, runChecks } from "./run-checks.ts";
