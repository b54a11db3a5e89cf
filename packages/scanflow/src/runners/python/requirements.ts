import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ScanflowError } from "@scanflow/core";

const nestedLine = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/;

/**
 * All that a requirements file says, with the files that it refers to (`-r`, `-c`) and digests of the local packages
 * that it installs: it changes whenever the environment would. Throws `SCANFLOW_ENVIRONMENT_MISSING`.
 */
export function requirementsText(root: string, requirements: string): string {
  const texts: string[] = [];
  const seen = new Set<string>();
  const open = [resolve(root, requirements)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const line of linesOf(file)) {
      texts.push(line);
      const nested = nestedLine.exec(line)?.[1];
      if (nested !== undefined) open.push(resolve(dirname(file), nested));
      else for (const place of localPlaces(line, [root, dirname(file)])) texts.push(digestOfPlace(place));
    }
  }
  return texts.join("\n");
}

/** Without comments and blank lines, continued lines joined. */
function linesOf(file: string): string[] {
  try {
    const text = readFileSync(file, "utf8").replace(/\\\r?\n/g, " ");
    return text
      .split(/\r?\n/)
      .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The requirements file ${file} cannot be read. Put it there, or correct the path.`,
      { cause },
    );
  }
}

/** Files and folders of this machine that a line installs. */
function localPlaces(line: string, folders: readonly string[]): string[] {
  const [, direct] = /@\s*(file:\S+)/.exec(line) ?? [];
  const [word = ""] = line.split(/[\s;]/);
  const path = direct ?? word.replace(/\[[^\]]*\]$/, "");
  if (path.startsWith("file:")) return URL.canParse(path) ? existing([fileURLToPath(path)]) : [];
  if (!/^[./]|\/|\.whl$|\.tar\.gz$|\.zip$/.test(path) || path.includes("://")) return [];
  return existing(folders.map((folder) => resolve(folder, path))).slice(0, 1);
}

function existing(paths: readonly string[]): string[] {
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
}

const skipped = new Set([".git", ".venv", "__pycache__", "build", "dist", "node_modules", ".scanflow"]);

/** Digest of a file, or of all files below a folder. */
function digestOfPlace(path: string): string {
  const hash = createHash("sha256");
  addPlace(hash, path, "");
  return `sha256:${hash.digest("hex")}`;
}

function addPlace(hash: Hash, path: string, name: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) {
    hash.update(`${name}\0${found.size}\0`);
    hash.update(readFileSync(path));
  } else if (found?.isDirectory()) {
    for (const entry of readdirSync(path).sort()) {
      if (!skipped.has(entry) && !entry.endsWith(".egg-info"))
        addPlace(hash, join(path, entry), `${name}/${entry}`);
    }
  }
}
