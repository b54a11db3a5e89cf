import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import type { Cluster } from "../../kubernetes/index.ts";

const versionSchema = z.object({ major: z.string(), minor: z.string() });

/** Labels of a Job's pods have had their names since then (Kubernetes 1.27, KEP-3850). */
const oldestMinor = 27;

/** The number behind "1." of the server's version, as it is written and as it counts. */
export async function serverMinor(cluster: Cluster): Promise<{ written: string; minor: number }> {
  const { major, minor } = versionSchema.parse(await cluster.get("/version"));
  // Some providers write "27+".
  const counted = Number.parseInt(major, 10) > 1 ? Number.POSITIVE_INFINITY : Number.parseInt(minor, 10);
  return { written: `${major}.${minor}`, minor: counted };
}

/** Gives the number behind "1."; throws `SCANFLOW_POD_UNSUPPORTED` for a server that is too old. */
export async function checkServerVersion(cluster: Cluster): Promise<number> {
  const { written, minor } = await serverMinor(cluster);
  if (minor >= oldestMinor) return minor;
  throw new ScanflowError(
    "SCANFLOW_POD_UNSUPPORTED",
    `The cluster "${cluster.connection.access.context}" runs Kubernetes ${written}, and 1.${oldestMinor} is the oldest that tasks are run on. Upgrade it, or name another with --context.`,
  );
}
