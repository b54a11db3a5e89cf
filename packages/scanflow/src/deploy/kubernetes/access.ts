import type { V1PolicyRule, V1Role, V1RoleBinding, V1ServiceAccount } from "@kubernetes/client-node";
import { metadataOf, type Surroundings } from "./objects.ts";

/** Who the server is in the cluster. */
export const serverAccount = { component: "server", name: "scanflow" } as const;

/** What the Kubernetes runner needs in its own namespace, and no more: it makes Secrets and never reads them. */
const rules: V1PolicyRule[] = [
  {
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["create", "delete", "get", "list", "patch", "watch"],
  },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
];

export function accessManifests(around: Surroundings): readonly [V1ServiceAccount, V1Role, V1RoleBinding] {
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
