import type { JsonValue } from "../json/json.ts";
import type { Schema } from "./schema.ts";

const HEAD = [
  "What data of this source must be like. Shares (missing, outside, others, …) are the greatest share of rows in the",
  "source: a window breaks one when it has more such rows than chance explains. A share of 0 is strict.",
];

const WIDTH = 100;
/** Words that a YAML reader would not take for texts. */
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan|-?\.inf)$/i;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_ .()/-]*$/;

/**
 * Writes a schema as a file for people: YAML (the default), a rule a line, or JSON. The order of fields and columns is
 * that of the schema, so that two files differ only where their rules do. `parseSchema` reads both, the first after a
 * YAML reader.
 */
export function writeSchema(schema: Schema, format: "yaml" | "json" = "yaml"): string {
  if (format === "json") return `${JSON.stringify(schema, null, 2)}\n`;
  const { columns, ...table } = schema;
  const lines = [...HEAD.map((line) => `# ${line}`), ...block(table, ""), "columns:"];
  for (const [name, column] of Object.entries(columns))
    lines.push(`  ${word(name)}:`, ...block(column, "    "));
  if (Object.keys(columns).length === 0) lines[lines.length - 1] = "columns: {}";
  return `${lines.join("\n")}\n`;
}

function block(object: object, indent: string): string[] {
  return Object.entries(object as Record<string, JsonValue | undefined>).flatMap(([field, value]) => {
    if (value === undefined) return [];
    const line = `${indent}${field}: ${flow(value)}`;
    if (line.length <= WIDTH || typeof value !== "object" || value === null) return [line];
    if (Array.isArray(value))
      return [`${indent}${field}:`, ...value.map((item) => `${indent}  - ${flow(item)}`)];
    return [
      `${indent}${field}:`,
      ...Object.entries(value).map(([key, item]) => `${indent}  ${word(key)}: ${flow(item)}`),
    ];
  });
}

function flow(value: JsonValue): string {
  if (typeof value === "string") return word(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${word(key)}: ${flow(item)}`)
    .join(", ")} }`;
}

/** A text as it is where no reader can take it for something else; else in quotes, as JSON, which is YAML, too. */
function word(text: string): string {
  return PLAIN.test(text) && !text.endsWith(" ") && !RESERVED.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  // YAML refuses some characters that JSON leaves as they are.
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
