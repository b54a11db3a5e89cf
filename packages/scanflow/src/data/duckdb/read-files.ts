import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnBatch } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { chooseTable } from "../choose-table.ts";
import type { DataFormat } from "../data-format.ts";
import type { DataOptions } from "../data-options.ts";
import { needWholeGzip } from "../whole-gzip.ts";
import { connect } from "./database.ts";
import { explainFailure } from "./explain-failure.ts";
import { readScan } from "./read-scan.ts";
import { firstCells, plainScan, scanOf } from "./scan.ts";
import { scanCsv } from "./scan-csv.ts";
import { sqlName, sqlText } from "./sql-text.ts";

/** Rows of files of text or Parquet, or of a DuckDB database, through DuckDB. */
export async function* readWithDuckdb(
  format: Exclude<DataFormat, "sqlite" | "idx">,
  files: readonly string[],
  options: DataOptions,
): AsyncGenerator<ColumnBatch> {
  const [first = ""] = files;
  const connection = await connect();
  const whole = needWholeGzip(files, options.signal);
  // Told at the end, or when the reading fails: until then nobody waits for it.
  whole.catch(() => {});
  try {
    if (format === "duckdb") yield* readDatabase(first, options);
    else {
      const scan =
        format === "csv"
          ? await scanCsv(connection, files, options)
          : { sql: await scanOf(format, files, options) };
      if (options.query === undefined) yield* readScan(connection, scan, options);
      else {
        await connection.run(`CREATE OR REPLACE TEMP VIEW data AS SELECT * FROM ${scan.sql}`);
        yield* readScan(connection, { sql: `(${queryOver(options.query, first)})` }, options);
      }
    }
    await whole;
  } catch (error) {
    await whole;
    const cause = format === "csv" ? await locate(error, connection, { files, options }) : error;
    throw explainFailure(files.length > 1 ? `${first} and ${files.length - 1} more` : first, cause);
  } finally {
    connection.closeSync();
  }
}

interface Csv {
  readonly files: readonly string[];
  readonly options: DataOptions;
}

/** Of a file that could not be begun: the error that names its line. */
async function locate(
  error: unknown,
  connection: DuckDBConnection,
  { files, options }: Csv,
): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  if (!/when sniffing file/.test(error.message)) return error;
  await needNames(files, options);
  try {
    await connection.run(`SELECT count(*) FROM ${await plainScan(files, options)}`);
    return error;
  } catch (located) {
    return located;
  }
}

/** @throws ScanflowError SCANFLOW_DATA_COLUMN when there are more names than cells */
async function needNames(files: readonly string[], options: DataOptions): Promise<void> {
  const cells = (await firstCells(files, options)).length;
  const { names = [] } = options;
  if (names.length <= cells) return;
  throw new ScanflowError(
    "SCANFLOW_DATA_COLUMN",
    `"${files[0]}" has ${cells} columns, and ${names.length} names are given. Name each column once (--names).`,
  );
}

/** A database has an instance of its own, which only reads, and is let go of afterwards. */
async function* readDatabase(path: string, options: DataOptions): AsyncGenerator<ColumnBatch> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY", memory_limit: "512MB" });
  try {
    const connection = await instance.connect();
    const sql =
      options.query === undefined
        ? await tableOf(path, options, connection)
        : `(${queryOver(options.query, path)})`;
    yield* readScan(connection, { sql }, options);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

async function tableOf(path: string, { table }: DataOptions, connection: DuckDBConnection): Promise<string> {
  const listed = await connection.runAndReadAll(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = ${sqlText("main")} ORDER BY 1`,
  );
  return sqlName(
    chooseTable(
      path,
      listed.getRows().map(([name]) => String(name)),
      table,
    ),
  );
}

/** One statement that gives rows, without the semicolon at its end. */
function queryOver(query: string, path: string): string {
  const text = query.trim().replace(/;\s*$/, "");
  if (text !== "") return text;
  throw new ScanflowError(
    "SCANFLOW_DATA_COLUMN",
    `The query on "${path}" is empty. Write one, such as SELECT * FROM data.`,
  );
}
