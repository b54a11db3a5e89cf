import type { DatabaseSync } from "node:sqlite";
import {
  type Applied,
  appliedRow,
  migrationFailed,
  migrationsTable,
  missingMigrations,
  noteApplied,
  readApplied,
} from "./migrations.ts";
import type { Migration } from "./statement.ts";

/**
 * Brings the tables forward, in one transaction: all the missing migrations are applied or none.
 * Refuses a database that is ahead of the code or was made by an edited migration.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], nowMs: number): void {
  if (migrations.length === 0) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(migrationsTable);
    const applied = database.prepare(readApplied).all() as unknown as Applied[];
    for (const migration of missingMigrations(applied, migrations)) apply(database, migration, nowMs);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function apply(database: DatabaseSync, migration: Migration, nowMs: number): void {
  try {
    for (const sql of migration.up) database.exec(sql);
  } catch (cause) {
    throw migrationFailed(migration, cause);
  }
  database.prepare(noteApplied).run(...appliedRow(migration, nowMs));
}
