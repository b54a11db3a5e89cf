export { ObjectError, type ObjectErrorCode, objectErrorCodes } from "./errors.ts";
export type { ObjectInfo, ObjectRange, ObjectStore, OpenObject, PutObjectOptions } from "./object-store.ts";
export { openObjectStore } from "./open-object-store.ts";
