import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { type Locate, ScanflowError } from "@scanflow/core";
import { provideScanflow } from "../provide-scanflow.ts";
import { locateCalls } from "./locate-calls.ts";
import { readText } from "./read-text.ts";
import { frameInside } from "./stack-frame.ts";

/**
 * The default export of a TypeScript or JavaScript config, and where its parts were made. `fresh` reads the file again when it changed since this
 * process first read it; what it imports is not read again.
 *
 * Throws `SCANFLOW_CONFIG_UNREADABLE`, `SCANFLOW_CONFIG_SYNTAX`, `SCANFLOW_CONFIG_FAILED`, `SCANFLOW_CONFIG_EXPORT`.
 */
export async function importConfig(
  file: string,
  { fresh }: { readonly fresh: boolean },
): Promise<{ readonly document: object; readonly locate: Locate }> {
  await readText(file);
  const url = pathToFileURL(file);
  if (fresh) url.searchParams.set("mtime", String((await stat(file, { bigint: true })).mtimeNs));
  const module = await importModule(url, file);
  const { default: document } = module;
  if (typeof document === "object" && document !== null && "application" in document) {
    return { document, locate: locateCalls(document, url) };
  }
  const found =
    "default" in module ? `its default export is ${describe(document)}` : "it has no default export";
  throw new ScanflowError(
    "SCANFLOW_CONFIG_EXPORT",
    `${file} does not export an application: ${found}. Write: export default application("name", { main: … });`,
    { place: { file, path: [] } },
  );
}

async function importModule(url: URL, file: string): Promise<Readonly<Record<string, unknown>>> {
  provideScanflow();
  try {
    return await import(/* @vite-ignore */ url.href);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const frame = frameInside((cause instanceof Error && cause.stack) || "", url);
    const where = frame ? `${frame.file}:${frame.line}:${frame.column}` : file;
    const place = { file, path: [], ...(frame?.file === file && { line: frame.line, column: frame.column }) };
    if (isSyntaxError(cause)) {
      const text = `${where} cannot be parsed: ${message}. Correct it and try again.`;
      throw new ScanflowError("SCANFLOW_CONFIG_SYNTAX", text, { cause, place });
    }
    const text = `${file} failed while it was loaded (${where}): ${message}. Correct it and try again.`;
    throw new ScanflowError("SCANFLOW_CONFIG_FAILED", text, { cause, place });
  }
}

/** Node's own errors for TypeScript that cannot be stripped are syntax errors as well. */
function isSyntaxError(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_INVALID_TYPESCRIPT_SYNTAX" || error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object"
    ? "an object that the builder application did not make"
    : `a ${typeof value}`;
}
