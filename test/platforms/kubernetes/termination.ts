import type { RunningContainer } from "./container-runtime.ts";
import type { PodSpec } from "./pod-spec.ts";

/** The least that a container gets that had to wait for its turn (kubelet, `minimumGracePeriodInSeconds`). */
const leastGraceSeconds = 2;

/**
 * Ends what runs of a pod, all within the pod's one grace. Containers and common init containers are asked to end at once.
 * A sidecar's turn comes when all containers have ended and every sidecar that stands behind it; it does not wait for a
 * common init container, though that is where it stands before the containers begin (Kubernetes, "Pod Lifecycle",
 * "Termination of Pods"; kubelet, `newTerminationOrdering` of `kuberuntime_termination_order.go`).
 */
export async function endInOrder(
  { initContainers = [], containers, terminationGracePeriodSeconds: grace = 30 }: PodSpec,
  running: ReadonlyMap<string, RunningContainer>,
): Promise<void> {
  const began = Date.now();
  const ended = (name: string): Promise<unknown> => running.get(name)?.ended ?? Promise.resolve();
  const end = async (name: string, before: readonly Promise<unknown>[]) => {
    await Promise.race([Promise.all(before), after(grace * 1000)]);
    const left = grace - (Date.now() - began) / 1000;
    await running.get(name)?.stop(Math.max(leastGraceSeconds, Math.round(left)));
    await ended(name);
  };
  const all = containers.map(({ name }) => end(name, []));
  const turns = containers.map(({ name }) => ended(name));
  for (const { name, restartPolicy } of initContainers.toReversed()) {
    if (restartPolicy === "Always") {
      all.push(end(name, [...turns]));
      turns.push(ended(name));
    } else all.push(end(name, []));
  }
  await Promise.all(all);
}

async function after(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms).unref();
  return promise;
}
