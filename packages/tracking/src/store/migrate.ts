import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { TrackingError } from "../errors.ts";
import type { Migration } from "./statement.ts";

interface Applied {
  room: string;
  id: string;
  checksum: string;
}

const table = `CREATE TABLE IF NOT EXISTS migrations (
  room TEXT NOT NULL, id TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL,
  PRIMARY KEY (room, id))`;

/**
 * Brings the tables forward, in one transaction: all the missing migrations are applied or none.
 * Refuses a database that is ahead of the code or was made by an edited migration.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], nowMs: number): void {
  if (migrations.length === 0) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(table);
    const applied = database
      .prepare("SELECT room, id, checksum FROM migrations")
      .all() as unknown as Applied[];
    for (const migration of missing(applied, migrations)) apply(database, migration, nowMs);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** What is left to apply, after checking that the past is the one the code knows. */
function missing(applied: readonly Applied[], migrations: readonly Migration[]): Migration[] {
  const name = ({ room, id }: { room: string; id: string }) => `${room}/${id}`;
  const checksums = new Map(applied.map((one) => [name(one), one.checksum]));
  const known = new Set(migrations.map(name));
  const stranger = applied.find((one) => !known.has(name(one)));
  if (stranger) {
    throw new TrackingError(
      "SCANFLOW_STORE_NEWER",
      `The database holds migration "${name(stranger)}", which this version does not know. Use the version of Scanflow that wrote it, or a newer one.`,
    );
  }
  for (const migration of migrations) {
    const checksum = checksums.get(name(migration));
    if (checksum === undefined || checksum === checksumOf(migration)) continue;
    throw new TrackingError(
      "SCANFLOW_STORE_ALTERED",
      `Migration "${name(migration)}" was applied in another form than the code has now. Restore the migration as it was released and add a new one after it.`,
    );
  }
  return migrations.filter((migration) => !checksums.has(name(migration)));
}

function apply(database: DatabaseSync, migration: Migration, nowMs: number): void {
  try {
    for (const sql of migration.up) database.exec(sql);
  } catch (cause) {
    throw new TrackingError(
      "SCANFLOW_STORE_MIGRATION",
      `Migration "${migration.room}/${migration.id}" failed: ${cause instanceof Error ? cause.message : String(cause)}. The database is unchanged; correct the migration.`,
      { cause },
    );
  }
  database
    .prepare("INSERT INTO migrations (room, id, checksum, applied_ms) VALUES (?, ?, ?, ?)")
    .run(migration.room, migration.id, checksumOf(migration), nowMs);
}

function checksumOf({ up }: Migration): string {
  return createHash("sha256").update(JSON.stringify(up)).digest("hex");
}
