export { applicationName } from "./application-name.ts";
export { dataPlaces } from "./files/data-places.ts";
export { requireFiles } from "./files/require-files.ts";
export { findConfig, findRoot } from "./find-config.ts";
export { loadApplication } from "./load-application.ts";
