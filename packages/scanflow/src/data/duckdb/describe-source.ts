import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";

/** What stands after FROM, and its columns where they are known: finding out reads the beginning of CSV files. */
export interface Source {
  readonly sql: string;
  readonly columns?: readonly SourceColumn[] | undefined;
}

/** A column as the database has it. */
export interface SourceColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** The columns of what stands after FROM. */
export async function describeSource(connection: DuckDBConnection, sql: string): Promise<SourceColumn[]> {
  const prepared = await connection.prepare(`SELECT * FROM ${sql}`);
  const columns = Array.from({ length: prepared.columnCount }, (_, place) => ({
    name: prepared.columnName(place),
    type: prepared.columnType(place),
  }));
  prepared.destroySync();
  return columns;
}
