import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

/** Nobody of any image: what is written in one container of the pod is read in the next. */
const nobody = 65_532;

/** What a pod under the standard "restricted" must say (Kubernetes, "Pod Security Standards"), and a little more. */
export const confinedPod: Pick<V1PodSpec, "securityContext"> = {
  securityContext: {
    runAsNonRoot: true,
    runAsUser: nobody,
    runAsGroup: nobody,
    fsGroup: nobody,
    seccompProfile: { type: "RuntimeDefault" },
  },
};

export const confined: Pick<V1Container, "securityContext"> = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};
