import { readFile } from "node:fs/promises";
import type { JsonObject } from "@scanflow/core";
import { codedError } from "./coded-error.ts";
import { codedUsageError } from "./usage-error.ts";

/** `name=value` pairs as they were typed. Errors: SCANFLOW_USAGE. */
export function readParamPairs(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw codedUsageError(`--param ${pair} has no name and value. Write it as --param name=value.`);
    }
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

/** Params as one JSON object; nothing stands for none. Errors: SCANFLOW_USAGE. */
export function readParamsJson(text: string | undefined): JsonObject {
  if (text === undefined || text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw codedUsageError(`--params ${text} is no JSON object. Write one such as '{"seed": 1}'.`);
}

/** Params of a JSON or YAML file. Errors: SCANFLOW_PARAMS_FILE. */
export async function readParamsFile(path: string): Promise<JsonObject> {
  let value: unknown;
  try {
    const { parse } = await import("yaml");
    value = parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw codedError(
      "SCANFLOW_PARAMS_FILE",
      `The params in ${path} cannot be read: ${reason.trim()}. Correct the file or its path.`,
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw codedError(
    "SCANFLOW_PARAMS_FILE",
    `The params in ${path} are ${value === null ? "empty" : "no object"}. Write one value for each name, such as {"seed": 1}.`,
  );
}
