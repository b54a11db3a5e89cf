import type { JsonValue } from "@scanflow/core";

/** A value in Argo's language; numbers have a dot, as those that come from JSON are no whole numbers there either. */
export function literalText(value: string | number | boolean | null): string {
  if (typeof value === "string") return stringText(value);
  if (value === null) return "nil";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}

/** Argo would take two braces in a row for its own. */
export function stringText(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll("{{", "{' + '{").replaceAll("}}", "}' + '}")}'`;
}

/** A JSON value in Argo's language. */
export function jsonText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return literalText(value as string | number | boolean | null);
  const entries = Object.entries(value).map(([key, each]) => `${stringText(key)}: ${jsonText(each)}`);
  return `{${entries.join(", ")} }`;
}
