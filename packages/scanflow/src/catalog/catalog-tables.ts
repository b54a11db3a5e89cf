import type { Migration } from "@scanflow/tracking/store";

/** The catalog's own tables, in the order to apply them. */
export const catalogMigrations: readonly Migration[] = [
  {
    room: "catalog",
    id: "001-datasets",
    up: [
      // `last` is the highest version ever given here, so that a removed one's number is not given again.
      `CREATE TABLE catalog_datasets (
        name TEXT PRIMARY KEY, owner TEXT, sensitivity TEXT NOT NULL, description TEXT, last BIGINT NOT NULL)`,
      `CREATE TABLE catalog_versions (
        dataset TEXT NOT NULL, version BIGINT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL,
        size BIGINT NOT NULL, files BIGINT NOT NULL, file_name TEXT NOT NULL, columns_json TEXT, note TEXT,
        added_by TEXT, added BIGINT NOT NULL, PRIMARY KEY (dataset, version))`,
      "CREATE TABLE catalog_remotes (url TEXT PRIMARY KEY, used BIGINT NOT NULL)",
    ],
  },
  {
    room: "catalog",
    id: "002-told",
    // When the owner, the sensitivity and the description were last said: between two places the later word counts.
    up: ["ALTER TABLE catalog_datasets ADD COLUMN told BIGINT NOT NULL DEFAULT 0"],
  },
  {
    room: "catalog",
    id: "003-sources",
    // Where a dataset was added from last. It is of this place alone and goes to no remote.
    up: [
      `CREATE TABLE catalog_sources (
        dataset TEXT PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL, fingerprint TEXT NOT NULL)`,
    ],
  },
];

/** Every digest that a version of a dataset has. */
export const catalogReferences = "SELECT digest FROM catalog_versions";

/** All tables, to be emptied when the whole application is wiped. */
export const catalogTables: readonly string[] = [
  "catalog_versions",
  "catalog_datasets",
  "catalog_remotes",
  "catalog_sources",
];
