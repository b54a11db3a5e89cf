import type { Migration } from "../store/index.ts";

/** Files that come in parts, until all parts are there. */
export const uploadTables: Migration = {
  room: "tracking",
  id: "008-uploads",
  up: [
    `CREATE TABLE tracking_uploads (
      id TEXT PRIMARY KEY, path TEXT NOT NULL, parts BIGINT NOT NULL, begun_ms BIGINT NOT NULL)`,
    `CREATE TABLE tracking_upload_parts (
      upload TEXT NOT NULL REFERENCES tracking_uploads (id) ON DELETE CASCADE, number BIGINT NOT NULL,
      digest TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID`,
    `CREATE INDEX tracking_upload_parts_by_digest ON tracking_upload_parts (digest)`,
  ],
};
