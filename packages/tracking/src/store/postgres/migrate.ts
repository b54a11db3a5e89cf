import { TrackingError } from "../../errors.ts";
import {
  type Applied,
  appliedRow,
  migrationFailed,
  migrationsTable,
  missingMigrations,
  noteApplied,
  readApplied,
} from "../migrations.ts";
import { toRows } from "../rows.ts";
import type { Migration } from "../statement.ts";
import type { PostgresConnection } from "./connection.ts";
import type { Step, StepResult } from "./pipeline.ts";
import { isRefusal, toTrackingError } from "./postgres-error.ts";
import { plain, toSteps } from "./steps.ts";
import { beginWriting } from "./transaction.ts";

/** How long a server that starts waits for another that brings the tables forward. */
const patienceMs = 60_000;

/**
 * Brings the tables forward, in one transaction, one tracker at a time: all the missing migrations are applied or none.
 * Errors: as `openStore` says.
 */
export async function migratePostgres(
  connection: PostgresConnection,
  migrations: readonly Migration[],
  nowMs: number,
): Promise<void> {
  await checkServer(connection);
  if (migrations.length === 0) return;
  try {
    await run(connection, beginWriting({ durability: "power", busyTimeoutMs: patienceMs }));
    for (const migration of missingMigrations(await readPast(connection), migrations)) {
      await apply(connection, migration, nowMs);
    }
    await run(connection, [plain("COMMIT")]);
  } catch (error) {
    await connection.run([plain("ROLLBACK")]);
    throw toTrackingError(error);
  }
}

async function checkServer(connection: PostgresConnection): Promise<void> {
  const sql = "SELECT current_setting('server_version_num'), current_setting('server_encoding')";
  const [answered] = await run(connection, [plain(sql)]).catch((error: unknown) => {
    throw toTrackingError(error);
  });
  const [version, encoding] = answered?.cells[0] ?? [];
  if (Number(version) >= 120_000 && encoding === "UTF8") return;
  throw new TrackingError(
    "SCANFLOW_STORE_OPEN",
    `The server is of version ${version} and the database of encoding ${encoding}. Use PostgreSQL 12 or newer and a database made with \`createdb -E UTF8 -T template0\`.`,
  );
}

async function readPast(connection: PostgresConnection): Promise<Applied[]> {
  const [table, read] = [migrationsTable, readApplied].map((sql) => toSteps({ sql }));
  await run(connection, table ?? []);
  const { results, error } = await connection.run(read ?? []);
  const [found] = results;
  if (found) return toRows<Applied>(found);
  if (!isRefusal(error)) throw toTrackingError(error);
  throw new TrackingError(
    "SCANFLOW_STORE_OPEN",
    'The table "migrations" there belongs to another program. Give Scanflow a database of its own.',
  );
}

async function apply(connection: PostgresConnection, migration: Migration, nowMs: number): Promise<void> {
  const steps = migration.up.flatMap((sql) => toSteps({ sql }));
  const note = toSteps({ sql: noteApplied, params: appliedRow(migration, nowMs) });
  const { error } = await connection.run([...steps, ...note]);
  if (!error) return;
  throw isRefusal(error) ? migrationFailed(migration, error) : error;
}

async function run(connection: PostgresConnection, steps: readonly Step[]): Promise<readonly StepResult[]> {
  const { results, error } = await connection.run(steps);
  if (error) throw error;
  return results;
}
