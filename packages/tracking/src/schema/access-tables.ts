import type { Migration } from "../store/index.ts";

/** Users, what they may do, their tokens, and who changed what. The audit refers to no row, so it outlives them all. */
export const accessMigration: Migration = {
  room: "tracking",
  id: "005-access",
  up: [
    `CREATE TABLE access_users (name TEXT PRIMARY KEY, created_ms BIGINT NOT NULL)`,
    `CREATE TABLE access_roles (
      user_name TEXT NOT NULL REFERENCES access_users (name) ON DELETE CASCADE,
      application TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (user_name, application))`,
    `CREATE TABLE access_tokens (
      id TEXT PRIMARY KEY, user_name TEXT NOT NULL REFERENCES access_users (name) ON DELETE CASCADE,
      label TEXT NOT NULL, salt TEXT NOT NULL, digest TEXT NOT NULL, created_ms BIGINT NOT NULL,
      expires_ms BIGINT, revoked_ms BIGINT)`,
    `CREATE INDEX access_tokens_by_user ON access_tokens (user_name)`,
    `CREATE TABLE access_audit (
      id INTEGER PRIMARY KEY, at_ms BIGINT NOT NULL, user_name TEXT NOT NULL, address TEXT NOT NULL,
      method TEXT NOT NULL, route TEXT NOT NULL, target TEXT NOT NULL, status INTEGER NOT NULL)`,
    `CREATE INDEX access_audit_by_time ON access_audit (at_ms)`,
  ],
};
