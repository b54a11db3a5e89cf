import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import * as attempts from "../../runners/kubernetes/security.ts";

/** A pod as confined as those of attempts. It gets no token of a service account unless it says so. */
export const confinedPod: Pick<
  V1PodSpec,
  "automountServiceAccountToken" | "enableServiceLinks" | "securityContext"
> = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    ...attempts.confinedPod.securityContext,
    // A volume of many files is looked through once, not at each start.
    fsGroupChangePolicy: "OnRootMismatch",
  },
};

/** Its containers: no more rights than it has, and nothing to write to but volumes. */
export const confined: Pick<V1Container, "imagePullPolicy" | "securityContext"> = {
  imagePullPolicy: "IfNotPresent",
  ...attempts.confined,
};

/** Volumes and mounts by which a container has a `/tmp` of its own. */
export const temporary = {
  volume: { name: "tmp", emptyDir: {} },
  mount: { name: "tmp", mountPath: "/tmp" },
};
