import { type Cluster, listSchema } from "../../kubernetes/index.ts";
import { deleteJob } from "./attempt-objects.ts";
import { labelKeys, ownerSelector } from "./names.ts";
import { parseJob } from "./pod.ts";

/** Removes the Jobs of an owner, with all that belongs to them, but those of runs that are to be kept. */
export async function removeLeftJobs(
  cluster: Cluster,
  owner: string,
  keeps: (run: string) => Promise<boolean>,
): Promise<void> {
  const { items } = listSchema.parse(
    await cluster.list(cluster.path("batch/v1", "jobs"), ownerSelector(owner)),
  );
  for (const item of items ?? []) {
    const { name, labels } = parseJob(item).metadata;
    const run = labels?.[labelKeys.run];
    if (run === undefined || !(await keeps(run))) await deleteJob(cluster, name, "Background");
  }
}
