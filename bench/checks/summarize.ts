import { DuckDBInstance } from "@duckdb/node-api";
import { measure } from "../measure.ts";

/** DuckDB's own summary of a CSV file, in a process of its own with the threads and the memory that it takes. */
const [path = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const cost = await measure(async () => {
  const reader = await connection.runAndReadAll("SUMMARIZE SELECT * FROM read_csv($1)", [path]);
  if (reader.currentRowCount === 0) throw new Error("nothing was summed up");
});
process.stdout.write(`${JSON.stringify(cost)}\n`);
