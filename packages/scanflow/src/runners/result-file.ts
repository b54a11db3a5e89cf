import { readFile, stat } from "node:fs/promises";
import { type JsonObject, type JsonValue, ScanflowError } from "@scanflow/core";
import { systemCode } from "./outcome.ts";

/** Results are small values; files belong into outputs. */
export const longestResult = 1024 * 1024;

/** What a command left in its result file; nothing there is an empty result. Throws `SCANFLOW_RESULT_INVALID`. */
export async function readResult(path: string, task: string): Promise<JsonObject> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > longestResult) throw resultError(task, `is larger than 1 MiB (${size} bytes)`);
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return {};
    if (systemCode(error) === "EISDIR") throw resultError(task, "is a folder");
    throw error;
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw resultError(task, `is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw resultError(task, `is not a JSON object but ${text.slice(0, 60)}`);
  }
  return value as JsonObject;
}

export function resultError(task: string, what: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_RESULT_INVALID",
    `The result of task "${task}" ${what}. Give one JSON object of small values, such as {"accuracy": 0.97}, and write files to outputs.`,
  );
}
