import type { JsonObject, JsonValue, ParamDefinition } from "@scanflow/core";

/**
 * Params as they are typed on a command line, read by the type that each is declared with: a string as it stands,
 * everything else as JSON. What does not read as JSON, or is not declared, stays a text, so that the check of the
 * params names it.
 */
export function readParamTexts(
  declared: Readonly<Record<string, ParamDefinition>>,
  texts: Readonly<Record<string, string>>,
): JsonObject {
  const entries = Object.entries(texts).map(([name, text]) => {
    const type = Object.hasOwn(declared, name) ? declared[name]?.type : undefined;
    return [name, type === undefined || type === "string" ? text : fromJson(text)] as const;
  });
  return Object.fromEntries(entries);
}

function fromJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
