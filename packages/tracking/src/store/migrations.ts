import { createHash } from "node:crypto";
import { TrackingError } from "../errors.ts";
import type { Migration } from "./statement.ts";

/** A row of the table `migrations`. */
export interface Applied {
  readonly room: string;
  readonly id: string;
  readonly checksum: string;
}

export const migrationsTable = `CREATE TABLE IF NOT EXISTS migrations (
  room TEXT NOT NULL, id TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL,
  PRIMARY KEY (room, id))`;

export const readApplied = "SELECT room, id, checksum FROM migrations";
export const noteApplied = "INSERT INTO migrations (room, id, checksum, applied_ms) VALUES (?, ?, ?, ?)";

export function appliedRow(migration: Migration, nowMs: number): [string, string, string, number] {
  return [migration.room, migration.id, checksumOf(migration), nowMs];
}

/** What is left to apply, after checking that the past is the one the code knows. */
export function missingMigrations(
  applied: readonly Applied[],
  migrations: readonly Migration[],
): Migration[] {
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

export function migrationFailed(migration: Migration, cause: unknown): TrackingError {
  return new TrackingError(
    "SCANFLOW_STORE_MIGRATION",
    `Migration "${migration.room}/${migration.id}" failed: ${cause instanceof Error ? cause.message : String(cause)}. The database is unchanged; correct the migration.`,
    { cause },
  );
}

function checksumOf({ up }: Migration): string {
  return createHash("sha256").update(JSON.stringify(up)).digest("hex");
}
