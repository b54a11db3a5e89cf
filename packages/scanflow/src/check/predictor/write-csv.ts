import { writeFile } from "node:fs/promises";
import { type Column, type ColumnBatch, isoTime, isValid } from "@scanflow/checks";

/** Writes rows as CSV with a line of names (RFC 4180); a missing value is an empty cell, a tensor JSON. */
export async function writeCsv(path: string, { rows, columns }: ColumnBatch): Promise<void> {
  const lines = [columns.map(({ name }) => quoted(name)).join(",")];
  for (let row = 0; row < rows; row += 1) lines.push(columns.map((column) => cell(column, row)).join(","));
  await writeFile(path, `${lines.join("\n")}\n`);
}

function cell(column: Column, row: number): string {
  if (!isValid(column.validity, row)) return "";
  switch (column.kind) {
    case "text":
      return quoted(column.dictionary[column.codes[row] ?? -1] ?? "");
    case "number":
      return String(column.values[row]);
    case "boolean":
      return column.values[row] === 1 ? "true" : "false";
    case "time":
      return isoTime(column.values[row] ?? Number.NaN) ?? "";
    case "tensor": {
      const size = column.shape.reduce((product, length) => product * length, 1);
      return quoted(JSON.stringify(Array.from(column.values.subarray(row * size, (row + 1) * size))));
    }
  }
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}
