export { applicationName } from "./application-name.ts";
export { dataLines } from "./files/data-places.ts";
export { requireFiles } from "./files/require-files.ts";
export { findConfig, findRoot } from "./find-config.ts";
export { loadApplication } from "./load-application.ts";
export type { LoadedApplication } from "./loaded-application.ts";
