import { equalValues } from "../expression/values.ts";
import type { JsonValue } from "../json.ts";
import type { ParamDefinition, ParamType } from "./definition.ts";

const FORMS: Readonly<Record<ParamType, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  object: "a mapping",
};

/**
 * Why a value cannot be given to a parameter, such as `expected at least 1, found 0`; undefined when it can. Use it
 * wherever a parameter gets a value: in a definition, on a command line, in a request.
 */
export function paramProblem(definition: ParamDefinition, value: JsonValue): string | undefined {
  const { type, choices, min, max } = definition;
  const found = `found ${shown(value)}`;
  if (!isOfType(value, type)) return `expected ${FORMS[type]}, ${found}`;
  if (choices && !choices.some((choice) => equalValues(choice, value))) {
    return `expected one of ${choices.map(shown).join(", ")}, ${found}`;
  }
  if (typeof value !== "number") return undefined;
  if (min !== null && value < min) return `expected at least ${min}, ${found}`;
  return max !== null && value > max ? `expected at most ${max}, ${found}` : undefined;
}

function isOfType(value: JsonValue, type: ParamType): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "list") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
