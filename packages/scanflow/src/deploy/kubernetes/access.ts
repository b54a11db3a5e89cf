import type { V1PolicyRule, V1Role, V1RoleBinding, V1ServiceAccount } from "@kubernetes/client-node";
import { metadataOf, type Surroundings } from "./objects.ts";

/** Who engines are in the cluster. */
export const engineAccount = { component: "engine", name: "scanflow-engine" } as const;

/**
 * What the Kubernetes runner needs in its own namespace and no more: it makes and removes the Jobs and Secrets of
 * attempts, looks at their pods, logs and events, and asks whether its namespace is there.
 */
const rules: readonly V1PolicyRule[] = [
  {
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["create", "get", "list", "watch", "patch", "delete"],
  },
  { apiGroups: [""], resources: ["secrets"], verbs: ["create", "get", "list", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
];

export function accessManifests(around: Surroundings): readonly [V1ServiceAccount, V1Role, V1RoleBinding] {
  const metadata = metadataOf(around, engineAccount);
  const { name } = engineAccount;
  const own = {
    apiGroups: [""],
    resources: ["namespaces"],
    resourceNames: [around.namespace],
    verbs: ["get"],
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: [...rules, own] },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: around.namespace }],
    },
  ];
}
