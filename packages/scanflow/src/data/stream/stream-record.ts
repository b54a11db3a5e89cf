import { randomUUID } from "node:crypto";
import type { JsonObject } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";

/** What is to be appended to a stream. */
export interface NewRecord {
  /** A record with an id that the stream has is not appended again. Default: a new one. */
  readonly id?: string | undefined;
  /** When what it tells of happened, in milliseconds since 1970-01-01 UTC; default: now. */
  readonly timeMs?: number | undefined;
  /** By column. */
  readonly values: JsonObject;
}

/** A record of a stream. */
export interface StreamRecord {
  /** Rises from record to record of a stream, from 1 on, with gaps. */
  readonly position: number;
  readonly id: string;
  readonly timeMs: number;
  readonly values: JsonObject;
}

const LONGEST_RECORD = 4_000_000;
const LONGEST_ID = 200;

/** The cells of a new record. Errors: SCANFLOW_STREAM_RECORD. */
export function recordCells(record: NewRecord, index: number, nowMs: number): [string, number, string] {
  const { id = randomUUID(), timeMs = nowMs, values } = record;
  if (typeof id !== "string" || id === "" || id.length > LONGEST_ID || id.includes("\0")) {
    throw refused(index, `its id is ${shown(id)}`, `Give a text of 1 to ${LONGEST_ID} characters`);
  }
  if (!Number.isSafeInteger(timeMs) || Math.abs(timeMs) > 8.64e15) {
    throw refused(index, `its time is ${shown(timeMs)}`, "Give whole milliseconds since 1970-01-01 UTC");
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw refused(index, `it is ${shown(values)}`, "Give an object with a value for each column");
  }
  const text = jsonOf(values, index);
  if (text.length > LONGEST_RECORD) {
    throw refused(
      index,
      `it is ${text.length} characters long`,
      `Keep it below ${LONGEST_RECORD}: store large contents elsewhere and append where they lie`,
    );
  }
  return [id, timeMs, text];
}

function jsonOf(values: JsonObject, index: number): string {
  try {
    return JSON.stringify(values);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw refused(
      index,
      `it cannot be written as JSON (${reason})`,
      "Give texts, numbers, true, false and null",
    );
  }
}

function refused(index: number, problem: string, action: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_STREAM_RECORD",
    `Record ${index + 1} cannot be appended: ${problem}. ${action}. None of its batch was appended.`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
