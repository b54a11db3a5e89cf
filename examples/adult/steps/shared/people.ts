import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** One person of the census: texts by column, empty where one is missing. */
export type Person = Readonly<Record<string, string>>;

export const NUMBERS = ["age", "capital-gain", "capital-loss", "hours-per-week"] as const;
export const TEXTS = [
  "workclass",
  "education",
  "marital-status",
  "occupation",
  "relationship",
  "race",
  "sex",
  "native-country",
] as const;
export const LABEL = "income";
export const POSITIVE = ">50K";

/** Reads a CSV file with a header, gzipped or not; no value has a comma in it. */
export async function readPeople(path: string): Promise<Person[]> {
  const bytes = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));
  });
}

export function writeCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => row[column]).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}
