import type { DataFormat } from "../data-format.ts";
import type { DataOptions } from "../data-options.ts";
import { delimiterOf, firstLine } from "../first-line.ts";
import { literalPath, sqlName, sqlText, sqlTexts } from "./sql-text.ts";

/** The table function that reads files. */
export async function scanOf(
  format: Extract<DataFormat, "csv" | "parquet" | "json">,
  files: readonly string[],
  options: DataOptions,
): Promise<string> {
  const paths = sqlTexts(files.map(literalPath));
  if (format === "parquet") return `read_parquet(${paths}, union_by_name = true)`;
  if (format === "json") return `read_json(${paths}, union_by_name = true)`;
  const { nullText = [], names, header = names === undefined ? undefined : false, texts = [] } = options;
  const settings = [
    ...(await dialect(files, options)),
    "auto_detect = true",
    `nullstr = ${sqlTexts(["", ...nullText.flatMap((text) => [text, ` ${text}`])])}`,
    ...(header === undefined ? [] : [`header = ${header}`]),
    ...(names === undefined ? [] : [`names = ${sqlTexts(names)}`]),
    ...(texts.length === 0 ? [] : [`types = {${texts.map(asText).join(", ")}}`]),
  ];
  return `read_csv(${paths}, ${settings.join(", ")})`;
}

/** What stands between the delimiters of the first line, without what is in quotes. */
export async function firstCells(files: readonly string[], options: DataOptions): Promise<string[]> {
  const [first = ""] = files;
  const line = await firstLine(first);
  const { delimiter = delimiterOf(line, first) } = options;
  return line.replaceAll(/"[^"]*"/g, "").split(delimiter);
}

/** Reads every cell of CSV as text, to hear in which line a file is broken that could not be begun. */
export async function plainScan(files: readonly string[], options: DataOptions): Promise<string> {
  const columns = (await firstCells(files, options)).map((_, at) => asText(`column ${at + 1}`));
  const settings = [
    ...(await dialect(files, options)),
    "auto_detect = false",
    `columns = {${columns.join(", ")}}`,
  ];
  return `read_csv(${sqlTexts(files.map(literalPath))}, ${settings.join(", ")})`;
}

/**
 * Given, not guessed: DuckDB's own guess makes one column of a file with a ragged row, and no quotes of one with a
 * quote that is not closed.
 */
async function dialect(files: readonly string[], { delimiter }: DataOptions): Promise<string[]> {
  const [first = ""] = files;
  const found = delimiter ?? delimiterOf(await firstLine(first), first);
  return [`delim = ${sqlText(found)}`, `quote = '"'`, `escape = '"'`, "comment = ''", "skip = 0"];
}

function asText(name: string): string {
  return `${sqlName(name)}: 'VARCHAR'`;
}
