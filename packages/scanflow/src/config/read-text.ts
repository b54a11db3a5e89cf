import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ScanflowError } from "@scanflow/core";

const LARGEST = 16 * 2 ** 20;

/** The text of a config. Throws `SCANFLOW_CONFIG_UNREADABLE`. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause), cause);
  });
  return textOf(bytes, file);
}

/** The same, at once: for what is looked up while a definition is read. Throws `SCANFLOW_CONFIG_UNREADABLE`. */
export function readTextNow(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return textOf(bytes, file);
}

function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > LARGEST) throw unreadable(file, "it is larger than 16 MiB");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "it is not UTF-8 text", cause);
  }
}

function unreadable(file: string, reason: string, cause?: unknown): ScanflowError {
  const message = `The config ${file} cannot be read: ${reason}. Give the path of a config that this user may read.`;
  return new ScanflowError("SCANFLOW_CONFIG_UNREADABLE", message, { cause, place: { file, path: [] } });
}
