export { TrackingError as StoreError } from "../errors.ts";
export { type FileLock, takeFileLock } from "./file-lock.ts";
export { GatheredUnit } from "./gathered-unit.ts";
export { type Glance, openGlance } from "./glance.ts";
export { writePrivateFile } from "./private-file.ts";
export type { CompiledSql, Migration, Row, SqlValue, Statement, StatementResult } from "./statement.ts";
export { toStatement } from "./statement.ts";
export { openStore, type SqlStore, type Store, type StoreOptions } from "./store.ts";
export { StoreRefusal } from "./store-error.ts";
