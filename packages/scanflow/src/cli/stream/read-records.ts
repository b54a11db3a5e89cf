import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { JsonObject, JsonValue } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { batchToRows, type NewRecord } from "../../data/stream/index.ts";
import { codedUsageError } from "../usage-error.ts";

/** Where a record's id and time stand. */
export interface RecordColumns {
  readonly id?: string | undefined;
  readonly time?: string | undefined;
}

const BATCH = 1000;

/**
 * Records from JSON lines: what has come is a batch, so that a pipe's records are not kept waiting for more.
 * Errors: SCANFLOW_STREAM_RECORD, naming the line.
 */
export async function* linesToRecords(
  input: AsyncIterable<Buffer>,
  columns: RecordColumns,
): AsyncGenerator<NewRecord[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let line = 0;
  /** Fills the batch up to the first line that is no record; gives the error of that. */
  const take = (texts: readonly string[], batch: NewRecord[]): unknown => {
    try {
      for (const text of texts) {
        line += 1;
        if (text.trim() !== "") batch.push(recordOf(parse(text, line), columns, `Line ${line}`));
      }
      return null;
    } catch (error) {
      return error;
    }
  };
  async function* taken(texts: readonly string[]): AsyncGenerator<NewRecord[]> {
    const batch: NewRecord[] = [];
    const failure = take(texts, batch);
    if (batch.length > 0) yield batch;
    if (failure !== null) throw failure;
  }
  for await (const chunk of input) {
    const texts = (rest + decoder.write(chunk)).split("\n");
    rest = texts.pop() ?? "";
    yield* taken(texts);
  }
  yield* taken([rest + decoder.end()]);
}

/**
 * Records from a file: JSON lines, or any table that `scanflow check` reads.
 * Errors: SCANFLOW_USAGE when it is not there, SCANFLOW_STREAM_RECORD, those of reading a table.
 */
export async function* fileRecords(path: string, columns: RecordColumns): AsyncGenerator<NewRecord[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw codedUsageError(`There is no file ${path}. Name one, or - to read JSON lines from standard input.`);
  }
  if (/\.(jsonl|ndjson)$/i.test(path)) yield* linesToRecords(createReadStream(path), columns);
  else yield* tableToRecords(path, columns);
}

async function* tableToRecords(path: string, columns: RecordColumns): AsyncGenerator<NewRecord[]> {
  const { readBatches } = await import("../../data/index.ts");
  let row = 0;
  for await (const batch of readBatches(path)) {
    let records: NewRecord[] = [];
    for (const values of batchToRows(batch)) {
      row += 1;
      records.push(recordOf(values, columns, `Row ${row}`));
      if (records.length < BATCH) continue;
      yield records;
      records = [];
    }
    if (records.length > 0) yield records;
  }
}

function parse(text: string, line: number): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refused(`Line ${line} is not JSON (${reason})`, 'Write one object a line, such as {"x": 1}', cause);
  }
}

/** A record with its id and time taken from its columns. Errors: SCANFLOW_STREAM_RECORD. */
function recordOf(values: JsonValue, { id, time }: RecordColumns, where: string): NewRecord {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw refused(
      `${where} is ${JSON.stringify(values)?.slice(0, 60)}`,
      "Write an object with a value for each column",
    );
  }
  const record = values as JsonObject;
  return {
    values: record,
    ...(id === undefined ? {} : { id: idOf(record, id, where) }),
    ...(time === undefined ? {} : { timeMs: timeOf(record, time, where) }),
  };
}

function idOf(record: JsonObject, column: string, where: string): string {
  const value = record[column];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw refused(
    `${where} has no text or number in "${column}", its id`,
    "Correct the record, or name another column with --id",
  );
}

function timeOf(record: JsonObject, column: string, where: string): number {
  const value = record[column];
  const time =
    typeof value === "string" || typeof value === "number" ? new Date(value).getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw refused(
    `${where} has no time in "${column}": ${JSON.stringify(value) ?? "nothing"}`,
    "Write a text such as 2026-01-31T12:00:00Z or milliseconds since 1970, or name another column with --time",
  );
}

function refused(problem: string, action: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_STREAM_RECORD",
    `${problem}. ${action}. What stood before it was appended.`,
    cause === undefined ? {} : { cause },
  );
}
