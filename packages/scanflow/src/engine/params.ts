import type { JsonObject, JsonValue, ParamDefinition } from "@scanflow/core";
import { nearest, ScanflowError } from "@scanflow/core";

/**
 * The params of a run: what was given over what is declared. All that is wrong is reported together.
 * Errors: SCANFLOW_PARAM_INVALID.
 */
export function resolveParams(
  declared: Readonly<Record<string, ParamDefinition>>,
  given: Readonly<Record<string, JsonValue>>,
): JsonObject {
  const problems: string[] = [];
  const values: Record<string, JsonValue> = {};
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    const close = nearest(name, Object.keys(declared));
    problems.push(
      `there is no parameter "${name}"${close === undefined ? "" : ` (did you mean "${close}"?)`}`,
    );
  }
  for (const [name, definition] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : definition.default;
    if (value === undefined) problems.push(`"${name}" has no default and was not given`);
    else {
      const problem = check(definition, value);
      if (problem === null) values[name] = value;
      else problems.push(`"${name}" ${problem}, and ${JSON.stringify(value)} was given`);
    }
  }
  if (problems.length === 0) return values;
  throw new ScanflowError(
    "SCANFLOW_PARAM_INVALID",
    `The parameters do not fit the workflow: ${problems.join("; ")}. Give them with --param name=value.`,
  );
}

function check(definition: ParamDefinition, value: JsonValue): string | null {
  const { type, choices, min, max } = definition;
  if (!isOfType(type, value))
    return `must be ${type === "integer" || type === "object" ? "an" : "a"} ${type}`;
  if (choices && !choices.some((choice) => JSON.stringify(choice) === JSON.stringify(value))) {
    return `must be one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
  }
  if (typeof value === "number" && min !== null && value < min) return `must be at least ${min}`;
  if (typeof value === "number" && max !== null && value > max) return `must be at most ${max}`;
  return null;
}

function isOfType(type: ParamDefinition["type"], value: JsonValue): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "list":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
