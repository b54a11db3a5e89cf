import { setTimeout as pause } from "node:timers/promises";
import type { Cluster } from "../../kubernetes/index.ts";
import { deleteJob, findJob } from "./attempt-objects.ts";

const everyMs = 250;

/**
 * Ends what is left of an attempt and waits until it is gone, so that it can have no late effect. A node that does not
 * answer keeps its pod in the records for minutes: past `mostMs` what it still does is refused by the gateway, since
 * the attempt's token is not admitted any more.
 */
export async function reclaimJob(cluster: Cluster, name: string, mostMs = 60_000): Promise<void> {
  if (!(await deleteJob(cluster, name, "Foreground"))) return;
  const until = Date.now() + mostMs;
  while (Date.now() < until && (await findJob(cluster, name))) await pause(everyMs);
}
