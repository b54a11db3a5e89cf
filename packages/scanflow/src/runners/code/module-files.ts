import { readFileSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { importSpecifiers } from "./import-specifiers.ts";

/** Files that may import others. */
const modules = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);

/**
 * A module and all files that it imports by relative (or absolute) paths, and those by theirs: the code that a
 * function step consists of. Absolute paths, sorted. Packages are not among them, nor are names that are computed at
 * run time; a file that is not there is left out, since the import fails by itself.
 */
export function moduleFiles(entry: string): string[] {
  const found = new Set<string>();
  const open = [resolve(entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file) || !isFile(file)) continue;
    found.add(file);
    if (!modules.has(extname(file))) continue;
    for (const specifier of importSpecifiers(readFileSync(file, "utf8"))) {
      const path = pathOf(specifier, dirname(file));
      if (path !== undefined) open.push(path);
    }
  }
  return [...found].sort();
}

function pathOf(specifier: string, folder: string): string | undefined {
  const [path = ""] = specifier.split(/[?#]/);
  if (path.startsWith("./") || path.startsWith("../") || isAbsolute(path)) {
    return resolve(folder, decodePath(path));
  }
  return path.startsWith("file:") && URL.canParse(path) ? fileURLToPath(path) : undefined;
}

/** Specifiers are URLs: `./a%20b.ts` is the file `a b.ts`. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
