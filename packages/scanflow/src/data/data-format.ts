import { extname } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { firstBytes } from "./first-line.ts";

/** What a file of data is. */
export type DataFormat = "csv" | "parquet" | "json" | "duckdb" | "sqlite" | "idx";

const FORMATS: readonly (readonly [name: RegExp, format: DataFormat])[] = [
  [/\.(csv|tsv|tab|txt)(\.gz)?$/i, "csv"],
  [/\.(parquet|pq)$/i, "parquet"],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, "json"],
  [/\.(duckdb|ddb)$/i, "duckdb"],
  [/\.(sqlite3?|db)$/i, "sqlite"],
  [/[.-](idx|idx[1-9]-(u?byte|short|int|float|double))(\.gz)?$/i, "idx"],
];

/**
 * The format that a file's name promises; of a name that promises nothing, such as that of a step's output, the one
 * that its content has.
 *
 * @throws ScanflowError SCANFLOW_DATA_FORMAT when it promises none that is read
 */
export async function dataFormat(path: string): Promise<DataFormat> {
  const found = FORMATS.find(([name]) => name.test(path));
  if (found) return found[1];
  if (/^\.?(gz)?$/i.test(extname(path))) return formatOfContent(await firstBytes(path));
  throw new ScanflowError(
    "SCANFLOW_DATA_FORMAT",
    `"${path}": its name does not say what it holds. Name it .csv, .tsv, .parquet, .jsonl, .json, .duckdb, .sqlite ` +
      "or .idx (text also with .gz).",
  );
}

/** What IDX files say their elements to be, by a byte. */
const IDX_ELEMENTS = new Set([8, 9, 11, 12, 13, 14]);

function formatOfContent(bytes: Buffer): DataFormat {
  if (bytes.subarray(0, 4).equals(Buffer.from("PAR1"))) return "parquet";
  if (bytes.subarray(0, 15).equals(Buffer.from("SQLite format 3"))) return "sqlite";
  if (bytes.subarray(8, 12).equals(Buffer.from("DUCK"))) return "duckdb";
  if (bytes[0] === 0 && bytes[1] === 0 && IDX_ELEMENTS.has(bytes[2] ?? 0)) return "idx";
  return /^\s*[{[]/.test(bytes.toString("latin1", 0, 100)) ? "json" : "csv";
}

/** @throws ScanflowError SCANFLOW_DATA_FORMAT when a path is an address, which nothing here can read */
export function requireLocal(path: string): void {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path) ?? [];
  if (scheme === undefined) return;
  // The address may hold a password.
  const shown = path.replace(/\/\/[^@/]*@/, "//…@");
  const action = /^postgres/i.test(scheme)
    ? `Write the rows to a file: psql -c "\\copy (SELECT …) TO 'rows.csv' CSV HEADER" ADDRESS.`
    : "Fetch it first, and name the file.";
  throw new ScanflowError(
    "SCANFLOW_DATA_FORMAT",
    `"${shown}" is on another machine, and the reader that is built in has no ${scheme} extension. ${action}`,
  );
}
