export { findConfig } from "./find-config.ts";
export { type LoadedApplication, type LoadOptions, loadApplication } from "./load-application.ts";
