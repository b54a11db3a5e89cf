import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import type { Cluster } from "../../kubernetes/index.ts";

const versionSchema = z.object({ major: z.string(), minor: z.string() });

/** Labels of a Job's pods have had their names since then (Kubernetes 1.27, KEP-3850). */
const oldestMinor = 27;

/** Throws `SCANFLOW_POD_UNSUPPORTED` for a server that is too old. */
export async function checkServerVersion(cluster: Cluster): Promise<void> {
  const { major, minor } = versionSchema.parse(await cluster.get("/version"));
  // Some providers write "27+".
  if (Number.parseInt(major, 10) > 1 || Number.parseInt(minor, 10) >= oldestMinor) return;
  throw new ScanflowError(
    "SCANFLOW_POD_UNSUPPORTED",
    `The cluster "${cluster.connection.access.context}" runs Kubernetes ${major}.${minor}, and 1.${oldestMinor} is the oldest that tasks are run on. Upgrade it, or name another with --context.`,
  );
}
