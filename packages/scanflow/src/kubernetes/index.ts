export { isPassing, isStatus } from "./api-error.ts";
export { Cluster } from "./cluster.ts";
export { type KubeObject, listSchema, metadataSchema } from "./object.ts";
export { followLog, lastLines } from "./pod-log.ts";
export { watch } from "./watch.ts";
