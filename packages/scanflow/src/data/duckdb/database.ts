import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

let shared: Promise<DuckDBInstance> | null = null;

/** Nothing is fetched from the network, and what does not fit into memory goes to temporary files. */
const SETTINGS = {
  threads: String(availableParallelism()),
  memory_limit: "512MB",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  temp_directory: join(tmpdir(), `scanflow-duckdb-${process.pid}`),
} as const;

/** A connection to the database in memory through which files are read; the library is loaded on first use. */
export async function connect(): Promise<DuckDBConnection> {
  shared ??= open();
  const connection = await (await shared).connect();
  // What is read ahead while this thread works on what has come.
  await connection.run("SET streaming_buffer_size = '16MB'");
  return connection;
}

async function open(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return DuckDBInstance.create(":memory:", SETTINGS);
}
