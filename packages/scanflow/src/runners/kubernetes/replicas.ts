import type { SeenPod } from "./cluster-view.ts";
import { isOver, type Pod } from "./pod.ts";

/**
 * The pod of an attempt by which its end is told: of a service with replicas the one that ended first by itself, since
 * the Job's controller deletes the others then; else one that is gone, or on its way out.
 */
export function decisive(pods: readonly SeenPod[]): SeenPod | undefined {
  return (
    pods.find((one) => isOver(one.pod) && !leaves(one)) ??
    pods.find((one) => one.gone || isOver(one.pod)) ??
    pods.find(leaves) ??
    pods.at(-1)
  );
}

/** Whether replicas go, and none that is known ended by itself: the one that did may not have been told yet. */
export function lackReason(pods: readonly SeenPod[]): boolean {
  const first = decisive(pods);
  return pods.length > 1 && first !== undefined && (first.gone || leaves(first));
}

/** Pods as they are now; of those that are gone as they were. */
export function renewed(seen: readonly SeenPod[], now: readonly Pod[]): readonly SeenPod[] {
  return seen.map((one) => {
    const pod = now.find(({ metadata }) => metadata.uid === one.pod.metadata.uid);
    return pod ? { pod, gone: false } : one;
  });
}

function leaves({ pod }: SeenPod): boolean {
  return Boolean(pod.metadata.deletionTimestamp);
}
