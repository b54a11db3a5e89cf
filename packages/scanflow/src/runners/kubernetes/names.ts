import { hash } from "node:crypto";
import { labelValue, platformName } from "../../platform-name.ts";
import type { AttemptPlace } from "../runner.ts";

/** Labels of everything that a run makes in a cluster, by which it is found again. */
export const labelKeys = {
  managedBy: "app.kubernetes.io/managed-by",
  application: "org.scanflow/application",
  workflow: "org.scanflow/workflow",
  run: "org.scanflow/run",
  task: "org.scanflow/task",
  attempt: "org.scanflow/attempt",
  /** Of the attempt: an object with another one belongs to another attempt of the same number. */
  token: "org.scanflow/token",
  /** Whose state folder it was made for. */
  owner: "org.scanflow/owner",
} as const;

/** The task's id as it is written: labels cannot hold every id. */
export const taskAnnotation = "org.scanflow/task-id";

/** Label of a Job's pods since Kubernetes 1.27; an older server is refused before anything starts. */
export const jobNameLabel = "batch.kubernetes.io/job-name";

/** Where the attempt's pod looks for the gateway. */
export const gatewayAnnotation = "org.scanflow/gateway";

export interface Belonging {
  readonly application: string;
  readonly workflow: string;
  /** A digest that tells owners apart. */
  readonly owner: string;
}

/** Name of an attempt's Job, Secret and Service. Pods add 6 characters to it, and names of pods are labels, too: at most 63. */
export function attemptName({ run, task, attempt, token }: AttemptPlace, owner: string): string {
  const digest = hash("sha256", [owner, run, task, attempt, token].join("\n")).slice(0, 12);
  return `${platformName(task, { most: 44 })}-${digest}`;
}

export function attemptLabels(
  place: AttemptPlace,
  { application, workflow, owner }: Belonging,
): Record<string, string> {
  return {
    [labelKeys.managedBy]: "scanflow",
    [labelKeys.application]: labelValue(application),
    [labelKeys.workflow]: labelValue(workflow),
    [labelKeys.run]: labelValue(place.run),
    [labelKeys.task]: labelValue(place.task),
    [labelKeys.attempt]: String(place.attempt),
    [labelKeys.token]: labelValue(place.token),
    [labelKeys.owner]: labelValue(owner),
  };
}

export function ownerSelector(owner: string): string {
  return `${labelKeys.managedBy}=scanflow,${labelKeys.owner}=${labelValue(owner)}`;
}
