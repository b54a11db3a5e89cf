import type { JsonValue } from "../json.ts";

/**
 * An item of a map in few words and on one line: `Turin`, `0.1`, `depth=2 rate=0.1`. Fields stand in the order of their
 * names, since a stored plan does not keep how they were written. It may be long: cut it.
 */
export function itemText(item: JsonValue): string {
  if (typeof item === "string") return lineOf(item);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return JSON.stringify(item);
  const entries = Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1));
  const fields = entries.map(
    ([name, value]) => `${name}=${typeof value === "string" ? lineOf(value) : JSON.stringify(value)}`,
  );
  return fields.length === 0 ? "{}" : fields.join(" ");
}

/** A text that would not be seen stands in quotes. */
function lineOf(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line === "" ? JSON.stringify(text) : line;
}
