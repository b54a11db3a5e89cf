import type { JsonValue } from "@scanflow/core";

/** How a parameter or a map item is written in an environment variable and in a command: text as it is, else JSON. */
export function valueText(value: JsonValue): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}
