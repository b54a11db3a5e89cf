import type { TaskStatus } from "@scanflow/core";
import type { TaskRow } from "../../api/index.ts";

/** A task as it is shown while its run goes on. */
export interface ViewTask {
  readonly id: string;
  /** null: not known yet, as of what lies inside a map. */
  kind: TaskRow["kind"] | null;
  status: TaskStatus;
  cached: boolean;
  attempts: number;
  /** When its last attempt began. */
  startedAt: number | null;
  endedAt: number | null;
  retryAt: number | null;
  /** Why it did not run, what is asked, or what went wrong. */
  detail: string;
  /** The newest lines it wrote. */
  lines: string[];
}

/** Whether a task has come to an end. */
export function isSettled({ status }: ViewTask): boolean {
  return !["pending", "running", "up", "waiting"].includes(status);
}

/** Whether a task does work or waits for a person: what a count of tasks counts. Control points do neither. */
export function isWork({ kind }: { readonly kind: ViewTask["kind"] }): boolean {
  return kind !== "entry" && kind !== "map" && kind !== "choice";
}
