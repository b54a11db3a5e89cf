import { existsSync, statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, extname, isAbsolute, relative, resolve, sep } from "node:path";
import { type Command, ScanflowError } from "@scanflow/core";
import { isCheckModule, runsPredictor } from "../check-module.ts";
import { splitWords } from "../contract/split-words.ts";
import { isIgnored } from "./ignored.ts";
import { moduleFiles } from "./module-files.ts";

export interface CodeSpec {
  /** The config's folder (absolute). */
  readonly root: string;
  readonly command: Command;
  /** Globs relative to the root; a folder stands for all that is in it. Empty: the default. */
  readonly code: readonly string[];
}

/** What counts as code where a script lies in the config's folder itself, among data and everything else. */
const sources = new Set(
  ".py .pyi .ipynb .sh .bash .zsh .r .jl .lua .pl .rb .sql .ts .mts .cts .js .mjs .cjs".split(" "),
);
const configFile = /^scanflow\.config\.[cm]?[jt]s$/;

const mostFiles = 5000;

/**
 * The files that a task's code consists of, for its cache key: paths relative to the root, with `/`, sorted.
 *
 * A function step: its module's transitive relative imports, and what `code` names. A command or a notebook: what
 * `code` names, else the folder of its script (the first word of the command that is a file inside the root), without
 * tools' folders; when that folder is the root itself, the source files in it. Empty when there is no script. Of model
 * tests too the source files in the root, unless `code` names some: their predictor is one of them.
 *
 * Throws `SCANFLOW_CODE_TOO_LARGE` above 5,000 files and `SCANFLOW_CODE_MISSING` for a glob that matches nothing.
 */
export async function codeFiles({ root, command, code }: CodeSpec): Promise<string[]> {
  const files = new Set<string>();
  for (const pattern of code) await addMatches(files, root, pattern);
  if (command.kind === "module") {
    for (const file of moduleFiles(resolve(root, command.module))) add(files, root, file);
  } else if (command.kind === "check" && isCheckModule(command.check)) {
    for (const file of moduleFiles(resolve(root, command.check))) add(files, root, file);
  } else if (code.length === 0) await addDefault(files, root, command);
  return [...files].sort();
}

async function addDefault(files: Set<string>, root: string, command: Command): Promise<void> {
  if (command.kind === "check" && runsPredictor(command.check)) return addSources(files, root);
  const script = scriptOf(root, command);
  if (script === undefined) return;
  const folder = relative(root, dirname(script));
  if (folder !== "") return addFolder(files, root, folder, () => true);
  add(files, root, script);
  await addSources(files, root);
}

async function addSources(files: Set<string>, root: string): Promise<void> {
  const isSource = (path: string) => sources.has(extname(path).toLowerCase()) && !configFile.test(path);
  await addFolder(files, root, "", isSource);
}

/** A word may be a whole program, and longer than the name of a file can be: `statSync` throws then. */
function scriptOf(root: string, command: Command): string | undefined {
  return wordsOf(command)
    .map((word) => resolve(root, word))
    .find((path) => isInside(root, path) && existsSync(path) && statSync(path).isFile());
}

function wordsOf(command: Command): readonly string[] {
  if (command.kind === "notebook") return [command.notebook];
  if (command.kind === "module") return [command.module];
  if (command.kind === "check") return splitWords(command.check) ?? [];
  if (typeof command.command !== "string") return command.command;
  return splitWords(command.command) ?? command.command.split(/[\s"'`;|&<>()$]+/);
}

async function addMatches(files: Set<string>, root: string, pattern: string): Promise<void> {
  const before = files.size;
  const found = statSync(resolve(root, pattern), { throwIfNoEntry: false });
  if (found?.isDirectory()) await addFolder(files, root, pattern, () => true);
  else if (found?.isFile()) return add(files, root, resolve(root, pattern));
  else {
    for await (const entry of glob(pattern, { cwd: root, withFileTypes: true, exclude: isIgnored })) {
      if (isFile(entry)) add(files, root, resolve(entry.parentPath, entry.name));
    }
  }
  if (files.size > before || found) return;
  throw new ScanflowError(
    "SCANFLOW_CODE_MISSING",
    `The code "${pattern}" matches no file below ${root}. Correct the glob, which is relative to the config's folder.`,
  );
}

async function addFolder(
  files: Set<string>,
  root: string,
  folder: string,
  isCode: (path: string) => boolean,
): Promise<void> {
  const cwd = resolve(root, folder);
  for await (const entry of glob("**/*", { cwd, withFileTypes: true, exclude: isIgnored })) {
    const path = resolve(entry.parentPath, entry.name);
    if (isFile(entry) && isCode(relative(root, path))) add(files, root, path);
  }
}

type Entry = {
  readonly name: string;
  readonly parentPath: string;
  isFile(): boolean;
  isSymbolicLink(): boolean;
};

function isFile(entry: Entry): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(resolve(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isFile() ?? false;
}

function add(files: Set<string>, root: string, file: string): void {
  files.add(relative(root, file).split(sep).join("/"));
  if (files.size <= mostFiles) return;
  throw new ScanflowError(
    "SCANFLOW_CODE_TOO_LARGE",
    `The code of a task has more than ${mostFiles} files below ${root}. Name its files with "code", such as code: ["steps/**/*.py"].`,
  );
}

function isInside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
