import { inject } from "vitest";
import type { Case } from "../../conformance/case.ts";
import { openOwnerHost } from "../../conformance/owner-platform.ts";
import type { Host } from "../../conformance/platform.ts";
import { BASE_IMAGES } from "../base-images.ts";
import { startFakeCluster } from "./fake-cluster.ts";

/** An owner whose tasks are Jobs of a fake cluster, whose pods really run. */
export async function openKubernetesHost(cases: readonly Case[]): Promise<Host> {
  const docker = { ...process.env, ...inject("docker") };
  const cluster = await startFakeCluster(docker);
  const variables = {
    ...inject("docker"),
    ...cluster.environment,
    SCANFLOW_BASE_PYTHON: BASE_IMAGES.python,
  };
  // The cases are tiny, and one machine plays the whole cluster.
  const host = await openOwnerHost(cases, { on: "kubernetes", variables, capacity: { cpu: 6 } });
  return {
    run: host.run,
    async close() {
      await host.close();
      await cluster.close();
    },
  };
}
