export * from "./definition/definition.ts";
export { CORE_ERRORS, errorCode, type Place, ScanflowError } from "./errors.ts";
export * from "./event/event.ts";
export * from "./expression/index.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export { nearest } from "./nearest.ts";
export * from "./plan/index.ts";
