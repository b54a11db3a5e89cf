import {
  batchOf,
  type ColumnBatch,
  type ColumnValues,
  type JsonObject,
  type JsonValue,
} from "@scanflow/checks";

/**
 * Records as a table. Columns come in the order in which records first have them; a record without one has no value
 * there, so producers may add and drop columns as they go. A list or an object in a cell becomes its JSON text.
 *
 * @param times which columns hold moments as texts, such as 2026-01-31T12:00:00Z
 */
export function rowsToBatch(
  rows: readonly JsonObject[],
  times: ReadonlySet<string> = new Set(),
): ColumnBatch {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns: Record<string, ColumnValues> = Object.create(null);
  for (const name of names) columns[name] = rows.map((row) => cellOf(row[name], times.has(name)));
  return batchOf(columns);
}

function cellOf(value: JsonValue | undefined, isTime: boolean): string | number | boolean | Date | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") return JSON.stringify(value);
  if (!isTime) return value;
  const moment = new Date(typeof value === "boolean" ? Number.NaN : value);
  return Number.isNaN(moment.getTime()) ? String(value) : moment;
}
