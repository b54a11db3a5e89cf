export { checkKind } from "./check-kind.ts";
export type { CheckInputs, CheckSpec } from "./check-spec.ts";
export { readFiles } from "./read-files.ts";
export { reportPage } from "./report-page.ts";
export { type CheckReport, type CheckResult, judge, runChecks } from "./run-checks.ts";
