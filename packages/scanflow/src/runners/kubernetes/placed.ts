import type { V1Affinity, V1PodSpec } from "@kubernetes/client-node";
import type { Placement } from "@scanflow/core";

/** On which machines a pod may run, and as whom. Without a service account of its own it gets no token of any. */
export function placed({ labels, tolerations, affinity, serviceAccount }: Placement): Partial<V1PodSpec> {
  return {
    automountServiceAccountToken: serviceAccount !== null,
    ...(serviceAccount !== null && { serviceAccountName: serviceAccount }),
    ...(Object.keys(labels).length > 0 && { nodeSelector: { ...labels } }),
    ...(tolerations.length > 0 && {
      tolerations: tolerations.map(({ key, value, effect }) => ({
        ...(key !== null && { key }),
        ...(value === null ? { operator: "Exists" } : { operator: "Equal", value }),
        ...(effect !== null && { effect }),
      })),
    }),
    // Taken as it is written: the server judges it before anything starts.
    ...(affinity !== null && { affinity: affinity as V1Affinity }),
  };
}
