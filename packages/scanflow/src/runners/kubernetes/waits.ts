import { failure, type Stop } from "../outcome.ts";
import { containerNames } from "./manifest.ts";
import { containerOf, type Pod, type PodContainer } from "./pod.ts";

/** What a pod waits for that has not ended. */
export interface Wait {
  /** In plain words, for the log. */
  readonly words: string;
  /** It cannot come by itself: the attempt ends for this reason. */
  readonly stop?: Stop;
}

/** Why a pod does not go on; undefined: it does. */
export function waitOf(pod: Pod, task: string): Wait | undefined {
  const { status } = pod;
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const state = containerOf(pod, "main")?.state;
  const hasBegun = Boolean(state?.running || state?.terminated);
  for (const container of all) {
    // Without it nothing begins; later the node starts it again as often as it takes.
    if (container.name === containerNames.attend && hasBegun) continue;
    const wait = containerWait(container, task);
    if (wait) return wait;
  }
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  const message = scheduled.message ?? scheduled.reason ?? "no reason given";
  if (scheduled.reason === "SchedulingGated")
    return { words: `waits: its scheduling is held back (${message})` };
  return { words: `waits for a machine: ${message}` };
}

/** Reasons with which kubelets wait for what only a person can put right (kubelet, `pkg/kubelet/images/types.go`). */
function containerWait({ name, image = "", state }: PodContainer, task: string): Wait | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  const said = message === "" ? reason : message;
  switch (reason) {
    // The first refusal may be a moment's; then the node waits ever longer between tries.
    case "ErrImagePull":
      return { words: `the image ${image} could not be fetched (${said}); the node tries again` };
    case "ImagePullBackOff":
      return {
        words: `the image ${image} cannot be fetched`,
        stop: failure(
          "SCANFLOW_IMAGE_MISSING",
          `The image ${image} of task "${task}" cannot be fetched by the node: ${clean(said)}. Push it to a registry that the cluster reaches (--registry), correct its name, or give the namespace a secret for the registry.`,
          { retryable: !isFinal(said) },
        ),
      };
    case "InvalidImageName":
    case "ErrImageNeverPull":
      return {
        words: `the image ${image} cannot be used`,
        stop: failure(
          "SCANFLOW_IMAGE_MISSING",
          `The image ${image} of task "${task}" cannot be used: ${clean(said)}. Correct its name.`,
          { retryable: false },
        ),
      };
    case "CreateContainerConfigError":
    case "CreateContainerError":
    case "RunContainerError":
      return {
        words: `the container ${name} cannot be made`,
        stop: failure(
          "SCANFLOW_POD_REFUSED",
          `The node cannot make the container "${name}" of task "${task}": ${clean(said)}. Correct what it names, then retry the run.`,
          { retryable: true },
        ),
      };
    default:
      return undefined;
  }
}

/** Whether the registry knows no such image, so that another try cannot end otherwise. */
function isFinal(message: string): boolean {
  return /not found|manifest unknown|name unknown|does not exist/i.test(message);
}

export function clean(message: string): string {
  return message
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
}
