import { DuckDBInstance } from "@duckdb/node-api";

export interface TableSpec {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

/**
 * Writes a table of normal numbers with five decimals, a few of them missing, to a CSV or a Parquet file: the same
 * seed gives the same file.
 */
export async function makeTable(path: string, { rows, columns, seed }: TableSpec): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const uniform = (column: number, part: number) =>
    `(hash(i * 1000 + ${column * 2 + part}, ${seed}) / 18446744073709551616.0)`;
  const normal = (column: number) =>
    `sqrt(-2 * ln(${uniform(column, 0)} + 1e-12)) * cos(6.283185307179586 * ${uniform(column, 1)})`;
  const cells = Array.from(
    { length: columns },
    (_, column) =>
      `CASE WHEN i % 997 = ${column} THEN NULL ELSE round(${normal(column)}, 5) END AS c${column}`,
  );
  const format = path.endsWith(".parquet") ? "(FORMAT parquet)" : "(FORMAT csv, HEADER)";
  await connection.run(
    `COPY (SELECT ${cells.join(", ")} FROM range(${rows}) t(i)) TO '${path.replaceAll("'", "''")}' ${format}`,
  );
  connection.closeSync();
  instance.closeSync();
}
