import { type Cluster, lastLines } from "../../kubernetes/index.ts";
import type { EndingContext } from "./ending.ts";
import { type ContainerName, containerOf, type Pod } from "./pod.ts";

interface Ended {
  readonly cluster: Cluster;
  readonly task: string;
  readonly memory: number;
  readonly replicas: number;
}

/** What is said with the end of a pod: the last lines of the shim's containers that failed. */
export async function endingContext(
  { cluster, task, memory, replicas }: Ended,
  pod: Pod | undefined,
): Promise<EndingContext> {
  const { namespace } = cluster;
  const quotes = new Map<ContainerName, string>();
  for (const container of ["fetch", "publish"] as const) {
    const code = pod && containerOf(pod, container)?.state?.terminated?.exitCode;
    if (!pod || code === undefined || code === 0) continue;
    const said = lastLines(cluster.connection, { namespace, pod: pod.metadata.name, container, lines: 20 });
    quotes.set(container, await said.catch(() => ""));
  }
  return { task, memory, stays: replicas > 0, quote: (container) => quotes.get(container) ?? "" };
}
