import type { ColumnBatch } from "@scanflow/checks";
import { dataFiles } from "./data-files.ts";
import { dataFormat, requireLocal } from "./data-format.ts";
import type { DataOptions } from "./data-options.ts";
import { readWithDuckdb } from "./duckdb/read-files.ts";
import { readIdx } from "./read-idx.ts";
import { readSqlite } from "./read-sqlite.ts";

/**
 * Reads a table in bounded memory: CSV, JSON lines, Parquet, a table of a DuckDB or SQLite database, or IDX files,
 * told apart by the name. A glob reads all files that fit it, by name. `FILE#TABLE` names a table of a database.
 *
 * Whole numbers and decimals become numbers, dates and timestamps times, lists of numbers of one length tensors,
 * anything else texts.
 *
 * @throws ScanflowError SCANFLOW_DATA_FORMAT, SCANFLOW_DATA_FILE, SCANFLOW_DATA_UNREADABLE, SCANFLOW_DATA_TABLE,
 * SCANFLOW_DATA_COLUMN: each names the file and, where it is known, the line
 */
export async function* readBatches(path: string, options: DataOptions = {}): AsyncGenerator<ColumnBatch> {
  const [, file = path, table] = /^(.*\.(?:duckdb|ddb|sqlite3?|db))#(.+)$/i.exec(path) ?? [];
  requireLocal(file);
  const files = await dataFiles(file);
  const format = await dataFormat(file);
  const [first = file] = files;
  const settings = table === undefined ? options : { ...options, table };
  if (format === "sqlite") yield* readSqlite(first, settings);
  else if (format === "idx") yield* readIdx(first, settings);
  else yield* readWithDuckdb(format, files, settings);
}
