import { invalid } from "../refusal.ts";
import { decodings } from "./decodings.ts";

const longest = 4096;

/**
 * Checks a path of an artifact, relative to its root, and gives it without doubled or trailing slashes.
 * However often it is decoded, it must stay inside: no `..`, no absolute path, no other separator, no `#`,
 * no control character. Errors: SCANFLOW_TRACKING_INVALID, "Invalid path".
 */
export function containedPath(path: string): string {
  if (path.length > longest) throw invalid("Invalid path");
  for (const form of decodings(path)) checkForm(form);
  return path
    .split("/")
    .filter((part) => part !== "")
    .join("/");
}

function checkForm(form: string): void {
  const escapes =
    form.startsWith("/") ||
    /^[a-zA-Z]:/.test(form) ||
    /^file:/i.test(form) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
    /[\\#\u0000-\u001f\u007f]/.test(form) ||
    form.split("/").some((part) => part === ".." || part === ".");
  if (escapes) throw invalid("Invalid path");
}
