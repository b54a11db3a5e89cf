import type { Row, SqlValue } from "./statement.ts";
import type { WireRows } from "./wire.ts";

/** Turns rows as they travel into objects. */
export function toRows<R = Row>({ columns, cells }: WireRows): R[] {
  return cells.map((values) => {
    const row: Record<string, SqlValue> = {};
    for (let i = 0; i < columns.length; i++) row[columns[i] ?? ""] = values[i] ?? null;
    return row as R;
  });
}
