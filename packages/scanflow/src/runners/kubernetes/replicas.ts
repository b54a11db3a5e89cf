import type { SeenPod } from "./cluster-view.ts";
import { isOver } from "./pod.ts";

/**
 * The pod of an attempt by which its end is told: of a service with replicas the one that ended first by itself, since
 * the Job's controller deletes the others then; else one that is gone, or on its way out.
 */
export function decisive(pods: readonly SeenPod[]): SeenPod | undefined {
  const leaves = ({ pod }: SeenPod) => Boolean(pod.metadata.deletionTimestamp);
  return (
    pods.find((one) => isOver(one.pod) && !leaves(one)) ??
    pods.find((one) => one.gone || isOver(one.pod)) ??
    pods.find(leaves) ??
    pods.at(-1)
  );
}
