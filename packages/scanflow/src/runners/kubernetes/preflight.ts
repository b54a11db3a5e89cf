import type { Plan, WorkTask } from "@scanflow/core";
import type { Cluster } from "../../kubernetes/index.ts";
import { checkSidecars, isAttended } from "./attended.ts";
import { attemptManifests } from "./manifest.ts";
import { checkRights, neededRights } from "./rights.ts";
import { checkServerVersion } from "./server-version.ts";

/**
 * Looks, before anything starts, whether the cluster answers, the rights are there, and the server takes the Jobs and
 * Services of a plan: it judges them (fields, quotas, policies, the namespace) and keeps none. Throws `SCANFLOW_KUBERNETES_…`.
 */
export async function preflight(cluster: Cluster, plan: Plan, owner: string): Promise<void> {
  const minor = await checkServerVersion(cluster);
  checkSidecars(plan, { context: cluster.connection.access.context, minor });
  const withServices = plan.tasks.some(({ kind }) => kind === "service");
  await checkRights(cluster, neededRights({ services: withServices }));
  // Who asks a service has an entry for it in its hosts file, which a policy may forbid (an address of documentation, RFC 5737).
  const services = withServices ? { service: "http://192.0.2.1:8080" } : {};
  for (const task of unlike(plan)) {
    const { job, service } = attemptManifests({
      place: { run: "dry-run", task: task.id, attempt: 1, token: "dry-run", workdir: "" },
      belonging: { application: plan.application, workflow: plan.workflow, owner },
      images: { main: "scanflow/dry-run", shim: "scanflow/dry-run" },
      shim: ["node"],
      command: { file: "true", args: [], shell: false, variables: {}, secret: [], leftOut: [], files: [] },
      gateway: {},
      gatewayUrl: "",
      attendToken: isAttended(task) ? "" : undefined,
      resources: task.resources,
      placement: task.placement,
      timeout: task.timeout,
      service: task.service ?? undefined,
      services,
      pullSecrets: [],
    });
    await cluster.create(cluster.path("batch/v1", "jobs"), job, { dryRun: true });
    if (service) await cluster.create(cluster.path("v1", "services"), service, { dryRun: true });
  }
}

function isWork(task: Plan["tasks"][number]): task is WorkTask {
  return ["executor", "checker", "service"].includes(task.kind);
}

/** One task of each kind that the server could judge otherwise. */
function unlike(plan: Plan): Iterable<WorkTask> {
  const kinds = new Map<string, WorkTask>();
  for (const task of plan.tasks) {
    if (!isWork(task)) continue;
    const { resources, placement, timeout, service } = task;
    const limited = timeout.runMs !== null;
    kinds.set(JSON.stringify([resources, placement, limited, service, isAttended(task)]), task);
  }
  return kinds.values();
}
