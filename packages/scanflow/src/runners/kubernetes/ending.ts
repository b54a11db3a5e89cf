import { failure, type Stop, serviceEnded } from "../outcome.ts";
import {
  type ContainerName,
  containerOf,
  isOver,
  type Job,
  jobEnd,
  type Pod,
  type Terminated,
} from "./pod.ts";
import { clean } from "./waits.ts";

export interface EndingContext {
  readonly task: string;
  /** Bytes that the task may use; 0: not declared. */
  readonly memory: number;
  /** It is a service, which hands nothing in and is not to end. */
  readonly stays?: boolean;
  /** Last lines that a container wrote; "" when there are none. */
  readonly quote: (container: ContainerName) => string;
}

/**
 * Why an attempt failed whose pod has ended or is gone, in plain words. `main` that ended with a code of its own is not
 * told here: that is the command's failure, which is told alike on every platform.
 */
export function endingOf(pod: Pod | undefined, job: Job | undefined, context: EndingContext): Stop {
  const end = job && jobEnd(job);
  if (end?.reason === "DeadlineExceeded" || pod?.status?.reason === "DeadlineExceeded") {
    return failure(
      "SCANFLOW_TIMEOUT_RUN",
      `Task "${context.task}" ran longer than its timeout while the process that runs Scanflow was away, and the cluster ended it. Make it faster, or raise the timeout.`,
      { retryable: true },
    );
  }
  const endedWell = pod ? pod.status?.phase === "Succeeded" : end?.kind === "complete";
  if (endedWell && !context.stays) return handedIn(context);
  if (endedWell && !pod) return serviceEnded(context.task);
  if (!pod) return withoutPod(job, context);
  return (
    disruptionOf(pod, context.task) ??
    containerEnding(pod, context) ??
    failure("SCANFLOW_POD_LOST", lostMessage(pod, context), { retryable: true })
  );
}

/**
 * Whether the command ended by itself, with a code that it gave itself. One that `stays`, as a service does, may end well
 * because its pod is ended; that is no end of its own.
 */
export function ownExit(pod: Pod, { stays }: { readonly stays: boolean }): Terminated | undefined {
  const end = containerOf(pod, "main")?.state?.terminated;
  if (!end || !["Completed", "Error"].includes(end.reason ?? "Error")) return undefined;
  // Ended because the pod was: by a node that goes down, or by whoever deleted it.
  if ((end.exitCode !== 0 || stays) && (pod.metadata.deletionTimestamp || disruptionOf(pod, "")))
    return undefined;
  return end;
}

/** A pod ends well only when somebody took in what it had made. Who did is gone, and no record tells what it was. */
function handedIn({ task }: EndingContext): Stop {
  return failure(
    "SCANFLOW_ATTEMPT_LOST",
    `The attempt of task "${task}" is lost: its pod handed in what it had made to a process of Scanflow that ended before that was on record. The attempt is made again.`,
    { retryable: true },
  );
}

/** Whether the command has ended, and not well. */
export function hasFailed(pod: Pod): boolean {
  const end = containerOf(pod, "main")?.state?.terminated;
  return end !== undefined && end !== null && (end.exitCode !== 0 || end.reason === "OOMKilled");
}

function withoutPod(job: Job | undefined, { task }: EndingContext): Stop {
  if (!job) {
    return failure(
      "SCANFLOW_POD_LOST",
      `The Job of task "${task}" was deleted in the cluster before it had ended. Look who deletes Jobs there, then retry the run.`,
      { retryable: true },
    );
  }
  const { message = "", reason = "" } = jobEnd(job) ?? {};
  return failure(
    "SCANFLOW_POD_LOST",
    `The pod of task "${task}" is gone${message ? ` (${clean(message)})` : reason && ` (${reason})`}. Look at "kubectl get events", then retry the run.`,
    { retryable: true },
  );
}

/** What ended the whole pod from outside, if something did. */
function disruptionOf(pod: Pod, task: string): Stop | undefined {
  const { reason = "", message = "" } = pod.status ?? {};
  const node = pod.spec?.nodeName ?? "the node";
  const said = clean(message);
  const lost = (what: string, next: string) =>
    failure("SCANFLOW_POD_LOST", `Task "${task}" was ended because ${what}${said && ` (${said})`}. ${next}`, {
      retryable: true,
    });
  if (reason === "Evicted") {
    return failure(
      "SCANFLOW_POD_EVICTED",
      `Task "${task}" was evicted from ${node}: ${said || "the node ran short of something"}. Declare what it needs (resources: memory, storage), or use larger machines.`,
      { retryable: true },
    );
  }
  if (reason === "NodeLost") return lost(`${node} was lost`, "Retry the run.");
  if (["Terminated", "Shutdown", "NodeShutdown"].includes(reason))
    return lost(`${node} shuts down`, "Retry the run.");
  if (/^(OutOf\w+|NodeAffinity|UnexpectedAdmissionError|NodePorts|TopologyAffinityError)$/.test(reason)) {
    return failure(
      "SCANFLOW_POD_REFUSED",
      `${node} did not take task "${task}" (${reason}): ${said || "no more is said"}. Retry the run, or declare other resources.`,
      { retryable: true },
    );
  }
  switch (disrupts(pod)) {
    case undefined:
      return undefined;
    case "PreemptionByScheduler":
      return lost(
        `something more important needed its place on ${node}`,
        "Retry the run, or have it given a higher priority.",
      );
    case "DeletionByTaintManager":
      return lost(
        `${node} does not answer or was tainted`,
        "Retry the run, or declare a toleration for the taint.",
      );
    case "EvictionByEvictionAPI":
      return lost(`${node} was drained`, "Retry the run.");
    case "DeletionByPodGC":
      return lost(`${node} is no longer part of the cluster`, "Retry the run.");
    default:
      return lost(`${node} ended its pod`, "Retry the run.");
  }
}

function disrupts({ status }: Pod): string | undefined {
  const found = status?.conditions?.find(
    ({ type, status: holds }) => type === "DisruptionTarget" && holds === "True",
  );
  return found && (found.reason ?? "");
}

/** Whose end is the attempt's; that of `attend` counts for nothing, whatever its code. */
type Counted = Exclude<ContainerName, "attend">;

const work: Readonly<Record<Counted, string>> = {
  fetch: "Its code and inputs could not be fetched",
  main: "It failed",
  publish: "Its outputs could not be handed in",
};

/** Which container ended the pod, and why. */
function containerEnding(pod: Pod, context: EndingContext): Stop | undefined {
  for (const name of ["fetch", "main", "publish"] as const) {
    const end = containerOf(pod, name)?.state?.terminated;
    if (!end || (end.exitCode === 0 && end.reason !== "OOMKilled")) continue;
    return endedBy(name, end, context);
  }
  return undefined;
}

function endedBy(name: Counted, end: Terminated, { task, memory, quote }: EndingContext): Stop {
  if (end.reason === "OOMKilled" && name === "main") {
    const most = memory > 0 ? `its ${memory} bytes of memory` : "the memory of its machine";
    return failure(
      "SCANFLOW_TASK_FAILED",
      `Task "${task}" needed more than ${most} and was ended by the system. Give it more memory in its resources, or less to do at once.`,
      { retryable: true },
    );
  }
  const said = clean(end.message ?? "");
  if (name === "main" && ["StartError", "ContainerCannotRun"].includes(end.reason ?? ""))
    return notStarted(task, said);
  const lines = quote(name);
  const how = end.reason === "OOMKilled" ? "it ran out of memory" : `exit code ${end.exitCode}`;
  return failure(
    "SCANFLOW_ATTEMPT_FAILED",
    `Task "${task}": ${work[name]} (container "${name}": ${how}${said && `, ${said}`}).${lines && `\n${lines}`}\nLook at what it says there, then retry the run.`,
    { retryable: true },
  );
}

function notStarted(task: string, said: string): Stop {
  const code = /permission denied/i.test(said)
    ? "SCANFLOW_COMMAND_DENIED"
    : /not found|no such file/i.test(said)
      ? "SCANFLOW_COMMAND_NOT_FOUND"
      : "SCANFLOW_POD_REFUSED";
  return failure(
    code,
    `The command of task "${task}" cannot be started in its image: ${said || "no more is said"}. Correct the command, or the image.`,
    { retryable: code === "SCANFLOW_POD_REFUSED" },
  );
}

function lostMessage(pod: Pod, { task }: EndingContext): string {
  const { phase = "unknown", reason, message } = pod.status ?? {};
  if (!isOver(pod) || pod.metadata.deletionTimestamp) {
    return `The pod of task "${task}" was deleted in the cluster before it had ended. Look who deletes pods there, then retry the run.`;
  }
  const said = [reason, message && clean(message)].filter(Boolean).join(": ");
  return `The pod of task "${task}" ended (${phase.toLowerCase()}${said && `, ${said}`}) without handing anything in. Look at "kubectl describe pod ${pod.metadata.name}", then retry the run.`;
}
