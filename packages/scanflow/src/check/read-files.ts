import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { JsonObject, JsonValue } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { parse } from "yaml";

/**
 * What stands in files, as a check takes it among its params: a document of JSON or YAML, what a module exports by
 * default, else a text; of an ONNX file its path.
 *
 * @throws ScanflowError SCANFLOW_CHECK_FILE
 */
export async function readFiles(files: Readonly<Record<string, string>>): Promise<JsonObject> {
  const entries = Object.entries(files).map(
    async ([name, path]) => [name, await contentOf(name, path)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** What a module exports by default, as the plain data that its JSON would be. */
async function exportOf(path: string): Promise<JsonValue> {
  const exports: { readonly default?: unknown } = await import(pathToFileURL(path).href);
  return JSON.parse(JSON.stringify(exports.default ?? null));
}

async function contentOf(name: string, path: string): Promise<JsonValue> {
  const kind = extname(path).toLowerCase();
  if (kind === ".onnx") return path;
  try {
    if (/^\.[cm]?[jt]s$/.test(kind)) return await exportOf(path);
    const text = await readFile(path, "utf8");
    if (kind === ".json") return JSON.parse(text);
    return kind === ".yaml" || kind === ".yml" ? parse(text) : text;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    throw new ScanflowError(
      "SCANFLOW_CHECK_FILE",
      `The ${name} of the check cannot be read from "${path}": ${reason}. Correct the file or its path.`,
      { cause },
    );
  }
}
