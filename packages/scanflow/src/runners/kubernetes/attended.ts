import { type Plan, ScanflowError, type WorkTask } from "@scanflow/core";
import type { AttemptSpec } from "../runner.ts";

/** Sidecars are there by default since then (Kubernetes 1.29, KEP-753). */
export const sidecarMinor = 29;

interface Attended extends Pick<AttemptSpec, "timeout" | "retry"> {
  readonly service?: AttemptSpec["service"] | null;
}

/** Why the pod of a task needs somebody beside its command; undefined: it does not. A service needs nobody. */
function reasonOf({ timeout, retry, service }: Attended): "timeout.heartbeat" | "retry" | undefined {
  if (service) return undefined;
  if (timeout.heartbeatMs !== null) return "timeout.heartbeat";
  return retry !== undefined && retry.limit > 0 ? "retry" : undefined;
}

/**
 * Whether somebody has to look at the heartbeat of a command, or to hand in its checkpoint for the attempt that may
 * follow.
 */
export function isAttended(task: Attended): boolean {
  return reasonOf(task) !== undefined;
}

/** Throws `SCANFLOW_POD_UNSUPPORTED` for the first task whose pod this cluster has no sidecars for. */
export function checkSidecars(plan: Plan, { context, minor }: { context: string; minor: number }): void {
  if (minor >= sidecarMinor) return;
  for (const task of plan.tasks) {
    if (task.kind !== "executor" && task.kind !== "checker") continue;
    const reason = reasonOf(task);
    if (reason !== undefined) throw unsupported(task, { context, minor, reason });
  }
}

const needs = {
  "timeout.heartbeat": "somebody has to look at its heartbeat",
  retry: "what it leaves in SCANFLOW_CHECKPOINT has to come to its next attempt",
} as const;

function unsupported(
  { id }: WorkTask,
  { context, minor, reason }: { context: string; minor: number; reason: keyof typeof needs },
): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_POD_UNSUPPORTED",
    `Task "${id}" has a ${reason}, so ${needs[reason]}, for which its pod needs a sidecar. The cluster "${context}" runs Kubernetes 1.${minor}, and has them from 1.${sidecarMinor} on. Upgrade it, take ${reason} away from the task, or run this workflow on docker.`,
  );
}
