import type { DuckDBConnection } from "@duckdb/node-api";

/** What two threads hold of one column while they read: its texts and its values, 2,048 rows each (measured). */
const KIB_A_COLUMN = 100;
const USUAL_MIB = 512;

let allowed = USUAL_MIB;

/** A table of thousands of columns needs more memory than others, however few rows it has. */
export async function allowWidth(connection: DuckDBConnection, columns: number): Promise<void> {
  const needed = Math.ceil((columns * KIB_A_COLUMN) / 1_024);
  if (needed <= allowed) return;
  allowed = needed;
  await connection.run(`SET memory_limit = '${needed}MiB'`);
}
