import type { DataSchema } from "../../api/index.ts";

export type ColumnType = DataSchema["columns"][number]["type"];

const timeForm = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const numberForm = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** What a cell of text is. */
export function cellType(cell: string): ColumnType {
  const text = cell.trim();
  if (text === "" || /^(null|na|nan)$/i.test(text)) return "empty";
  if (/^[+-]?\d+$/.test(text)) return "integer";
  if (numberForm.test(text)) return "number";
  if (/^(true|false)$/i.test(text)) return "boolean";
  return timeForm.test(text) ? "time" : "text";
}

/** What a JSON value is. */
export function valueType(value: unknown): ColumnType {
  if (value === null || value === undefined) return "empty";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return timeForm.test(value) ? "time" : "text";
  return Array.isArray(value) ? "list" : "object";
}

/** What a column is whose values are these: `mixed` when text stands for none of its types. */
export function commonType(types: Iterable<ColumnType>, otherwise: "text" | "mixed"): ColumnType {
  const found = new Set(types);
  found.delete("empty");
  if (found.has("number")) found.delete("integer");
  const [only = "empty"] = found;
  return found.size > 1 ? otherwise : only;
}
