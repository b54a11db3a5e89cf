import { resolve } from "node:path";
import { BUILT_INS, type JsonObject } from "@scanflow/checks";
import type { CheckSpec } from "../../check/index.ts";
import { codedUsageError } from "../usage-error.ts";

function specsOf(
  checks: readonly string[],
  params: string | undefined,
  files: CheckSpec["files"],
): CheckSpec[] {
  const given = params === undefined ? {} : readParams(params);
  const [only] = checks;
  if (checks.length === 1 && only !== undefined) return [{ name: only, check: only, params: given, files }];
  const unknown = Object.keys(given).find((name) => !checks.includes(name));
  if (unknown !== undefined) {
    throw codedUsageError(
      `--params has "${unknown}", which is none of the checks ${checks.join(", ")}. Of several checks write an object by their names.`,
    );
  }
  return checks.map((check) => ({
    name: check,
    check,
    params: objectOf(given[check] ?? {}, check),
    files: filesFor(check, checks, files),
  }));
}

/** Of several checks those get a file that know it; one that none of them knows goes to all, to be refused. */
function filesFor(check: string, checks: readonly string[], files: CheckSpec["files"]): CheckSpec["files"] {
  return Object.fromEntries(
    Object.entries(files).filter(
      ([name]) => knows(check, name) || !checks.some((other) => knows(other, name)),
    ),
  );
}

/** A plug-in may take any file, and so may a predictor. */
function knows(check: string, file: string): boolean {
  const builtIn = Object.hasOwn(BUILT_INS, check) ? BUILT_INS[check] : undefined;
  return builtIn === undefined || builtIn.asksPredictor === true || Object.hasOwn(builtIn.params, file);
}

interface Chosen {
  readonly check?: readonly string[] | undefined;
  readonly params?: string | undefined;
  readonly file: readonly string[];
  readonly schema?: string | undefined;
  readonly modelTests?: string | undefined;
}

/** The checks that are asked for; a file of rules or of tests asks for the check that holds the data against it. */
export function chosenSpecs(
  { check, params, file, schema, modelTests }: Chosen,
  directory: string,
): CheckSpec[] {
  const [rules, tests] = [schema, modelTests].map((path) => path && resolve(directory, path));
  const added = [...(rules ? ["integrity"] : []), ...(tests ? ["model-tests"] : [])];
  const named = check ?? (tests ? [] : ["drift"]);
  const names = [...new Set([...named, ...added])];
  return specsOf(names, params, filesOf(file, directory)).map((spec) => ({
    ...spec,
    files: {
      ...spec.files,
      ...(rules && spec.check === "integrity" && { schema: rules }),
      ...(tests && spec.check === "model-tests" && { tests }),
    },
  }));
}

function filesOf(pairs: readonly string[], directory: string): CheckSpec["files"] {
  const named = pairs.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), resolve(directory, pair.slice(at + 1))] as const;
  });
  return Object.fromEntries(named);
}

export function readParams(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text), "it");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw codedUsageError(
      `--params is not JSON (${error.message}). Write an object, such as '{"significance": 0.01}'.`,
    );
  }
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw codedUsageError(`--params: ${what} is no JSON object. Write one, such as '{"significance": 0.01}'.`);
}
