import type { JsonObject, JsonValue, ParamDefinition } from "@scanflow/core";
import { nearest, paramProblem, ScanflowError } from "@scanflow/core";

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
      const problem = paramProblem(definition, value);
      if (problem === undefined) values[name] = value;
      else problems.push(`"${name}": ${problem}`);
    }
  }
  if (problems.length === 0) return values;
  throw new ScanflowError(
    "SCANFLOW_PARAM_INVALID",
    `The parameters do not fit the workflow: ${problems.join("; ")}. Give them with --param name=value.`,
  );
}
