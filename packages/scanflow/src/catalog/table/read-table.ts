import type { DataSchema } from "../../api/index.ts";
import { type ColumnType, cellType, commonType, valueType } from "./column-type.ts";
import { CsvReader } from "./csv-reader.ts";

/** What was read of a table: `rows` is without the line of names. */
export interface Table {
  readonly schema: DataSchema;
  readonly rows: number;
}

/** By so many rows the types are judged. */
const judgedRows = 1000;

/** Whether a file's name says that it holds a table that can be read here. */
export function isTable(fileName: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson)$/i.test(fileName);
}

/**
 * Reads a table of text, up to `mostBytes` of it (then its last line is left out). null: its name promises none, or
 * it holds something else.
 */
export async function readTable(
  fileName: string,
  content: AsyncIterable<Uint8Array>,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<Table | null> {
  if (!isTable(fileName)) return null;
  const reader = /\.(jsonl|ndjson)$/i.test(fileName) ? new JsonLines() : new Csv(fileName);
  const decoder = new TextDecoder();
  let read = 0;
  for await (const bytes of content) {
    reader.push(decoder.decode(bytes, { stream: true }));
    read += bytes.length;
    if (read >= mostBytes || reader.broken) break;
  }
  if (read < mostBytes) {
    reader.push(decoder.decode());
    reader.end();
  }
  return reader.broken ? null : reader.table();
}

class Csv {
  broken = false;
  readonly #tabs: boolean;
  /** Until the first line is there, which shows what stands between the cells. */
  #head: string | null = "";
  #reader = new CsvReader(",", 0);

  constructor(fileName: string) {
    this.#tabs = /\.tsv$/i.test(fileName);
  }

  push(text: string): void {
    if (text.includes("\0")) this.broken = true;
    if (this.#head === null) return this.#reader.push(text);
    this.#head += text;
    if (this.#head.includes("\n")) this.#begin(this.#head);
  }

  end(): void {
    if (this.#head !== null) this.#begin(this.#head);
    this.#reader.end();
  }

  table(): Table | null {
    const { kept, records } = this.#reader;
    const [first] = kept;
    if (first === undefined) return null;
    const headed = isHeader(first);
    const rows = headed ? kept.slice(1) : kept;
    const columns = first.map((cell, at) => ({
      name: (headed && cell.trim()) || `column ${at + 1}`,
      type: commonType(
        rows.map((row) => cellType(row[at] ?? "")),
        "text",
      ),
    }));
    return { schema: { format: "csv", columns }, rows: records - (headed ? 1 : 0) };
  }

  #begin(head: string): void {
    const line = head.slice(0, head.indexOf("\n") === -1 ? undefined : head.indexOf("\n"));
    const count = (delimiter: string) => line.split(delimiter).length;
    const [best = ","] = this.#tabs ? ["\t"] : [",", ";", "\t"].sort((a, b) => count(b) - count(a));
    this.#reader = new CsvReader(best, judgedRows + 1);
    this.#head = null;
    this.#reader.push(head);
  }
}

/** Names differ and are no values; the one of an index may be left out. */
function isHeader(cells: readonly string[]): boolean {
  const types = new Set(cells.map(cellType));
  const values: ColumnType[] = ["integer", "number", "time"];
  return types.has("text") && !values.some((type) => types.has(type)) && new Set(cells).size === cells.length;
}

class JsonLines {
  broken = false;
  readonly #types = new Map<string, Set<ColumnType>>();
  #rows = 0;
  #rest = "";

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  end(): void {
    this.#line(this.#rest);
  }

  table(): Table | null {
    if (this.#rows === 0) return null;
    const columns = [...this.#types].map(([name, types]) => ({ name, type: commonType(types, "mixed") }));
    return { schema: { format: "jsonl", columns }, rows: this.#rows };
  }

  #line(line: string): void {
    if (this.broken || line.trim() === "") return;
    this.#rows += 1;
    if (this.#rows > judgedRows) return;
    const value = parsed(line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.broken = true;
      return;
    }
    for (const [name, one] of Object.entries(value)) {
      const types = this.#types.get(name) ?? new Set();
      this.#types.set(name, types.add(valueType(one)));
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
