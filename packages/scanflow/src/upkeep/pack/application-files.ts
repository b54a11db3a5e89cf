import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { defaultRules, parseRules, type Rules } from "./ignore-rules.ts";

/** The files of an application's folder, and what was left out though it may be needed. */
export interface ApplicationFiles {
  /** Relative to the folder, with `/`, sorted. */
  readonly files: readonly string[];
  readonly leftOut: readonly string[];
}

interface Level {
  readonly folder: string;
  readonly rules: Rules;
}

/**
 * Every file of a folder that no rule ignores, and everything at the `needed` paths whether a rule ignores it or not.
 * Links are followed where they lead to a file inside the folder; others are left out.
 */
export async function applicationFiles(root: string, needed: Iterable<string>): Promise<ApplicationFiles> {
  const found: Found = { root: await realpath(root), files: new Set(), leftOut: new Set() };
  await walk(found, "", [{ folder: "", rules: parseRules(defaultRules) }]);
  for (const path of needed) await addNeeded(found, path);
  return { files: [...found.files].sort(), leftOut: [...found.leftOut].sort() };
}

interface Found {
  readonly root: string;
  readonly files: Set<string>;
  readonly leftOut: Set<string>;
}

async function walk(found: Found, folder: string, above: readonly Level[]): Promise<void> {
  const levels = [...above, ...(await rulesOf(found.root, folder))];
  for (const entry of await readdir(join(found.root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isIgnored(path, entry.isDirectory(), levels)) continue;
    if (entry.isDirectory()) {
      const isEnvironment = existsSync(join(found.root, path, "pyvenv.cfg"));
      if (!isEnvironment) await walk(found, path, levels);
    } else await addFile(found, path);
  }
}

async function rulesOf(root: string, folder: string): Promise<Level[]> {
  const levels: Level[] = [];
  for (const name of [".gitignore", ".scanflowignore"]) {
    const file = join(root, folder, name);
    if (existsSync(file)) levels.push({ folder, rules: parseRules(await readFile(file, "utf8")) });
  }
  return levels;
}

function isIgnored(path: string, isFolder: boolean, levels: readonly Level[]): boolean {
  for (const { folder, rules } of levels.toReversed()) {
    const verdict = rules(folder === "" ? path : path.slice(folder.length + 1), isFolder);
    if (verdict !== null) return verdict;
  }
  return false;
}

async function addNeeded(found: Found, path: string): Promise<void> {
  const target = join(found.root, path);
  const inside = inRoot(found.root, target);
  if (inside === null || !existsSync(target)) {
    found.leftOut.add(path);
    return;
  }
  if (!(await stat(target)).isDirectory()) return addFile(found, inside);
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    await addFile(found, inRoot(found.root, join(entry.parentPath, entry.name)) ?? entry.name);
  }
}

async function addFile(found: Found, path: string): Promise<void> {
  const real = await realpath(join(found.root, path)).catch(() => null);
  const fits = real !== null && inRoot(found.root, real) !== null && (await stat(real)).isFile();
  if (fits) found.files.add(path);
  else found.leftOut.add(path);
}

/** The path below the root; null outside it. */
function inRoot(root: string, path: string): string | null {
  const below = relative(root, path);
  return below === "" || below === ".." || below.startsWith(`..${sep}`) || below.startsWith(sep)
    ? null
    : below.split(sep).join("/");
}
