import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import type { Cluster } from "../../kubernetes/index.ts";

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

/**
 * All that the runner needs in its namespace, and no more: Secrets are made and never read, since they belong to their
 * Job and go with it.
 */
const usualRights: readonly Right[] = [
  { group: "batch", resource: "jobs", verbs: ["create", "delete", "get", "list", "patch", "watch"] },
  { group: "", resource: "pods", verbs: ["list", "watch"] },
  { group: "", resource: "pods", subresource: "log", verbs: ["get"] },
  { group: "", resource: "secrets", verbs: ["create"] },
];

/** A Service goes with its Job, too; its address is read where the answer to its making was lost, and by the next owner. */
const serviceRights: readonly Right[] = [{ group: "", resource: "services", verbs: ["create", "get"] }];

/** What is needed for plans with services in them, or without. */
export function neededRights({ services }: { readonly services: boolean }): readonly Right[] {
  return services ? [...usualRights, ...serviceRights] : usualRights;
}

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });
const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Throws `SCANFLOW_KUBERNETES_DENIED` with all rights that are missing. */
export async function checkRights(cluster: Cluster, needed: readonly Right[]): Promise<void> {
  const asked = needed.flatMap(({ verbs, ...right }) => verbs.map((verb) => ({ ...right, verb })));
  const answers = await Promise.all(asked.map((right) => isAllowed(cluster, right)));
  const missing = asked.filter((_, at) => !answers[at]);
  if (missing.length === 0) return;
  const list = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join("/")}`,
  );
  throw new ScanflowError(
    "SCANFLOW_KUBERNETES_DENIED",
    `Who asks may not do what is needed in the namespace "${cluster.namespace}" of cluster "${cluster.connection.access.context}": ${list.join(", ")}. Have it granted (docs/guides/run-on-kubernetes.md has the Role), or name another namespace with --namespace.`,
  );
}

async function isAllowed(
  cluster: Cluster,
  { verb, ...right }: Omit<Right, "verbs"> & { verb: string },
): Promise<boolean> {
  const answer = await cluster.create(reviews, {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { namespace: cluster.namespace, verb, ...right } },
  });
  return reviewSchema.parse(answer).status.allowed;
}
