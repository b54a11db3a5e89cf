import type { JsonValue } from "../json/json.ts";
import type { Column } from "./column.ts";
import { isoTime } from "./iso-time.ts";
import { isValid } from "./validity.ts";

/**
 * A cell as a table for people shows it: times as ISO dates, what is infinite or NaN as a text; null where a value is
 * missing, and for a tensor.
 */
export function cellOf(column: Column, row: number): JsonValue {
  if (column.kind === "tensor" || !isValid(column.validity, row)) return null;
  if (column.kind === "text") return column.dictionary[column.codes[row] as number] ?? null;
  const value = column.values[row] as number;
  if (column.kind === "boolean") return value === 1;
  if (!Number.isFinite(value)) return String(value);
  return column.kind === "time" ? (isoTime(value) ?? value) : value;
}
