import { type Plan, ScanflowError, type WorkTask } from "@scanflow/core";

/** Refuses, before anything starts, what a Job cannot give. Throws `SCANFLOW_POD_UNSUPPORTED`. */
export function checkTasks(plan: Plan): void {
  for (const task of plan.tasks) {
    if (task.kind === "executor" || task.kind === "checker") refuseHeartbeat(task);
  }
}

function refuseHeartbeat({ id, timeout }: WorkTask): void {
  if (timeout.heartbeatMs === null) return;
  throw unsupported(
    `Task "${id}" has a heartbeat timeout, and on Kubernetes nobody sees the heartbeat of a command that runs in its own image. Take the heartbeat timeout away and set a run timeout, or run this workflow on docker.`,
  );
}

function unsupported(message: string): ScanflowError {
  return new ScanflowError("SCANFLOW_POD_UNSUPPORTED", message);
}
