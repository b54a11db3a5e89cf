export type { CheckSpec } from "./check-spec.ts";
export { type CheckReport, type CheckResult, runChecks } from "./run-checks.ts";
