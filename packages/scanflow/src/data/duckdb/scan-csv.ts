import type { DuckDBConnection } from "@duckdb/node-api";
import type { DataOptions } from "../data-options.ts";
import { describeSource, type Source } from "./describe-source.ts";
import { scanOf } from "./scan.ts";
import { sqlName } from "./sql-text.ts";

/** What DuckDB judges the types of CSV by, too. */
const SAMPLED = 20_480;

/**
 * Reads CSV files. DuckDB takes yes and no, t and f, for booleans: these words are kept as
 * texts, since they are the names of classes, and since a third word would make texts of the column in another file.
 */
export async function scanCsv(
  connection: DuckDBConnection,
  files: readonly string[],
  options: DataOptions,
): Promise<Source> {
  const sql = await scanOf("csv", files, options);
  const columns = await describeSource(connection, sql);
  const booleans = columns.flatMap(({ name, type }) => (type.toString() === "BOOLEAN" ? [name] : []));
  if (booleans.length === 0) return { sql, columns };
  // Without a line of names they are "column0" and so on.
  const header = columns.some(({ name }, place) => !new RegExp(`^column0*${place}$`).test(name));
  const { texts = [], names } = options;
  // A first line that is told from the others by its kind alone would be taken for data once all are texts.
  const first = options.header ?? (names === undefined ? header : undefined);
  const asTexts = (more: readonly string[]) =>
    scanOf("csv", files, { ...options, header: first, texts: [...texts, ...more] });
  const isWord = (name: string) =>
    `count(*) FILTER (WHERE lower(trim(${sqlName(name)})) NOT IN ('true', 'false'))`;
  const sample = `(SELECT * FROM ${await asTexts(booleans)} LIMIT ${SAMPLED})`;
  const counted = await connection.runAndReadAll(`SELECT ${booleans.map(isWord).join(", ")} FROM ${sample}`);
  const [counts = []] = counted.getRows();
  const words = booleans.filter((_, at) => Number(counts[at]) > 0);
  return words.length === 0 ? { sql, columns } : { sql: await asTexts(words) };
}
