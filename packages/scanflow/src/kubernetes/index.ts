export { Cluster } from "./cluster.ts";
export type { KubeObject } from "./object.ts";
export { watch } from "./watch.ts";
