import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

/** Nobody of any image. */
const nobody = 65_532;

/**
 * A pod under the standard "restricted" (Kubernetes, "Pod Security Standards"). It gets no token of a service account
 * unless it says so.
 */
export const confinedPod: Pick<
  V1PodSpec,
  "automountServiceAccountToken" | "enableServiceLinks" | "securityContext"
> = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: nobody,
    runAsGroup: nobody,
    fsGroup: nobody,
    // A volume of many files is looked through once, not at each start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/** Its containers: no more rights than it has, and nothing to write to but volumes. */
export const confined: Pick<V1Container, "imagePullPolicy" | "securityContext"> = {
  imagePullPolicy: "IfNotPresent",
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/** Volumes and mounts by which a container has a `/tmp` of its own. */
export const temporary = {
  volume: { name: "tmp", emptyDir: {} },
  mount: { name: "tmp", mountPath: "/tmp" },
};
