import { lstatSync } from "node:fs";
import { constants, readFile } from "node:fs/promises";
import { type JsonObject, type JsonValue, ScanflowError } from "@scanflow/core";
import { longestResult } from "./contract/longest-result.ts";

/** What a command left in its result file; nothing there is an empty result. Throws `SCANFLOW_RESULT_INVALID`. */
export async function readResult(path: string, task: string): Promise<JsonObject> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return {};
  if (!found.isFile()) throw resultError(task, "is not a file");
  if (found.size > longestResult) throw resultError(task, `is larger than 1 MiB (${found.size} bytes)`);
  // A link would lead out of a container to files of the owner.
  const text = await readFile(path, { encoding: "utf8", flag: constants.O_RDONLY | constants.O_NOFOLLOW });
  return parseResult(text, task);
}

/** The result that stands in a text. Throws `SCANFLOW_RESULT_INVALID`. */
export function parseResult(text: string, task: string): JsonObject {
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
    `The result of task "${task}" ${what.replaceAll(/\s*[\r\n]+\s*/g, " ")}. Give one JSON object of small values, such as {"accuracy": 0.97}, and write files to outputs.`,
  );
}
