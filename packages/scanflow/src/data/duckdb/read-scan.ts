import type { DuckDBConnection, DuckDBResult, DuckDBType } from "@duckdb/node-api";
import type { ColumnBatch } from "@scanflow/checks";
import { chooseColumns } from "../choose-columns.ts";
import type { DataOptions } from "../data-options.ts";
import { allowWidth } from "./allow-width.ts";
import { buildColumn } from "./build-column.ts";
import { describeSource, type Source } from "./describe-source.ts";
import { type SelectedColumn, selectColumn } from "./select-column.ts";

/** Rows of a batch: sixteen of DuckDB's chunks, 256 KB a column of numbers; fewer of a table with very many columns. */
const BATCH_ROWS = 32_768;
const BATCH_CELLS = 8_388_608;
/** Of one of DuckDB's chunks: the least that a batch must take. */
const CHUNK_ROWS = 2_048;

function batchRows(columns: number): number {
  return Math.max(CHUNK_ROWS, Math.min(BATCH_ROWS, Math.floor(BATCH_CELLS / Math.max(1, columns))));
}

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
  const types = new Map(described.map(({ name, type }) => [name, type]));
  const names = chooseColumns(
    described.map(({ name }) => name),
    wanted,
  );
  await allowWidth(connection, names.length);
  return names.map((name) => selectColumn(name, types.get(name) as DuckDBType, trim));
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
  const most = batchRows(columns.length);
  const begin = () => {
    for (const builder of builders) builder.begin(most);
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
    if (rows > 0 && (count === 0 || rows + count > most)) {
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
