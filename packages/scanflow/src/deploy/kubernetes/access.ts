import type { V1PolicyRule, V1Role, V1RoleBinding, V1ServiceAccount } from "@kubernetes/client-node";
import { neededRights } from "../../runners/kubernetes/rights.ts";
import { metadataOf, type Surroundings } from "./objects.ts";

/** Who the server is in the cluster. */
export const serverAccount = { component: "server", name: "scanflow" } as const;

/** What the Kubernetes runner needs in its own namespace, and no more. */
export function serverRules(plans: { readonly services: boolean }): V1PolicyRule[] {
  return neededRights(plans).map(({ group, resource, subresource, verbs }) => ({
    apiGroups: [group],
    resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
    verbs: [...verbs],
  }));
}

/** `services`: whether the workflows that run in the server have some. */
export function accessManifests(
  around: Surroundings,
  { services }: { readonly services: boolean },
): readonly [V1ServiceAccount, V1Role, V1RoleBinding] {
  const rules = serverRules({ services });
  const metadata = metadataOf(around, serverAccount);
  const { name } = serverAccount;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: around.namespace }],
    },
  ];
}
