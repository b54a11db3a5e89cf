import type { VerdictStatus } from "./verdict.ts";

/** All statuses, the gravest last. */
export const STATUSES: readonly VerdictStatus[] = ["ok", "warning", "alarm", "invalid"];

/** How grave a status is: 0 for ok. */
export function gravity(status: VerdictStatus): number {
  return STATUSES.indexOf(status);
}

/** The gravest of some statuses; `ok` of none. */
export function gravest(statuses: readonly VerdictStatus[]): VerdictStatus {
  return statuses.reduce((worst, status) => (gravity(status) > gravity(worst) ? status : worst), "ok");
}
