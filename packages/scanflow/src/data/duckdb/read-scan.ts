import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import type { ColumnBatch } from "@scanflow/checks";
import type { DataOptions } from "../data-options.ts";
import { unknownColumn } from "../unknown-column.ts";
import { buildColumn } from "./build-column.ts";
import { describeSource, type Source } from "./describe-source.ts";
import { type SelectedColumn, selectColumn } from "./select-column.ts";

/** Rows of a batch: sixteen of DuckDB's chunks, 256 KB a column of numbers. */
const BATCH_ROWS = 32_768;

/** The rows of a table function, a table or a subquery, as batches, in their order. */
export async function* readScan(
  connection: DuckDBConnection,
  source: Source,
  options: DataOptions,
): AsyncGenerator<ColumnBatch> {
  const columns = await selectColumns(connection, source, options);
  const result = await connection.stream(
    `SELECT ${columns.map(({ sql }) => sql).join(", ")} FROM ${source.sql}`,
  );
  yield* batchesOf(connection, result, { columns, options });
}

async function selectColumns(
  connection: DuckDBConnection,
  source: Source,
  { columns: wanted, trim = false }: DataOptions,
): Promise<SelectedColumn[]> {
  const described = source.columns ?? (await describeSource(connection, source.sql));
  const found = new Map(described.map(({ name, type }) => [name, selectColumn(name, type, trim)]));
  return (wanted ?? [...found.keys()]).map((name) => {
    const column = found.get(name);
    if (column) return column;
    throw unknownColumn(name, [...found.keys()]);
  });
}

interface Reading {
  readonly columns: readonly SelectedColumn[];
  readonly options: DataOptions;
}

async function* batchesOf(
  connection: DuckDBConnection,
  result: DuckDBResult,
  { columns, options }: Reading,
): AsyncGenerator<ColumnBatch> {
  const builders = columns.map(buildColumn);
  const begin = () => {
    for (const builder of builders) builder.begin(BATCH_ROWS);
  };
  const finish = (rows: number): ColumnBatch => ({
    rows,
    columns: builders.map((builder) => builder.finish()),
  });
  let rows = 0;
  let told = 0;
  begin();
  for (;;) {
    options.signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    const count = chunk?.rowCount ?? 0;
    if (rows > 0 && (count === 0 || rows + count > BATCH_ROWS)) {
      yield finish(rows);
      told += rows;
      options.progress?.({ rows: told, share: shareOf(connection) });
      rows = 0;
      begin();
    }
    if (chunk === null || count === 0) break;
    for (const [place, builder] of builders.entries()) builder.add(chunk.getColumnVector(place), count);
    rows += count;
  }
  // A table without rows has columns all the same.
  if (told === 0) yield finish(0);
}

function shareOf({ progress: { percentage } }: DuckDBConnection): number | null {
  return percentage > 0 ? Math.min(1, percentage / 100) : null;
}
