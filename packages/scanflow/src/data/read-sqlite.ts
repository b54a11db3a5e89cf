import { setImmediate } from "node:timers/promises";
import { batchOf, type ColumnBatch } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { chooseColumns } from "./choose-columns.ts";
import { chooseTable } from "./choose-table.ts";
import type { DataOptions } from "./data-options.ts";

const BATCH_ROWS = 8_192;

type Value = string | number | null;

/**
 * Rows of an SQLite database through Node's own SQLite: DuckDB's extension for it is not in its package. A value of
 * another type than the others of its column, which SQLite allows, makes the batch's column one of texts.
 */
export async function* readSqlite(path: string, options: DataOptions): AsyncGenerator<ColumnBatch> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const sql = options.query ?? `SELECT * FROM "${tableOf(database, path, options).replaceAll('"', '""')}"`;
    const statement = database.prepare(sql);
    // Of whole numbers beyond 2^53 the nearest double is taken, as by all readers.
    statement.setReadBigInts(true);
    const names = chooseColumns(
      statement.columns().map(({ name }) => name),
      options.columns,
    );
    let columns = emptyColumns(names);
    let rows = 0;
    let told = 0;
    for (const row of statement.iterate()) {
      for (const name of names) columns.get(name)?.push(plain(row[name]));
      rows += 1;
      if (rows < BATCH_ROWS) continue;
      yield batchOf(Object.fromEntries(columns));
      told += rows;
      options.progress?.({ rows: told, share: null });
      await setImmediate();
      options.signal?.throwIfAborted();
      columns = emptyColumns(names);
      rows = 0;
    }
    if (rows > 0 || told === 0) yield batchOf(Object.fromEntries(columns));
  } catch (cause) {
    if (cause instanceof ScanflowError || options.signal?.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScanflowError(
      "SCANFLOW_DATA_UNREADABLE",
      `"${path}": SQLite cannot read it (${reason}). Correct the file or the query.`,
      { cause },
    );
  } finally {
    database.close();
  }
}

function tableOf(database: import("node:sqlite").DatabaseSync, path: string, { table }: DataOptions): string {
  const listed = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  return chooseTable(
    path,
    listed.map(({ name }) => String(name)),
    table,
  );
}

function emptyColumns(names: readonly string[]): Map<string, Value[]> {
  return new Map(names.map((name) => [name, []]));
}

function plain(value: unknown): Value {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}
