import type { AttemptManifests } from "../../../packages/scanflow/src/runners/kubernetes/manifest.ts";

/** The types of Kubernetes' own client, by way of who uses them. */
export type PodSpec = NonNullable<NonNullable<AttemptManifests["job"]["spec"]>["template"]["spec"]>;
export type Container = PodSpec["containers"][number];
