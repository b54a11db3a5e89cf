export { carriedVersions, carryVersions, noteVersions } from "./carried-versions.ts";
export { Catalog } from "./catalog.ts";
export { catalogMigrations, catalogReferences, catalogTables } from "./catalog-tables.ts";
export type { Hearing } from "./copy-progress.ts";
export { resolveData } from "./resolve-data.ts";
