import { readdirSync, readFileSync, statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { basename, delimiter, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { nearest } from "@scanflow/core";

const MOST_ENTRIES = 5000;
const LARGEST_TEXT = 2 ** 20;

/** Folders of tools, in which nobody means a file. */
const IGNORED = /^(?:\..*|node_modules|__pycache__|venv)$/;

/** The config's folder, as far as what is written in the config is looked for in it. */
export class Folder {
  readonly #root: string;
  readonly #known = new Map<string, boolean>();
  readonly #meant = new Map<string, string | undefined>();
  #entries: readonly string[] | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether something is there; what cannot be looked at is taken to be. */
  has(path: string): boolean {
    const known =
      this.#known.get(path) ?? (isThere(join(this.#root, path)) || (isAbsolute(path) && isThere(path)));
    this.#known.set(path, known);
    return known;
  }

  /** Whether a pattern matches anything. */
  async matches(pattern: string): Promise<boolean> {
    if (this.has(pattern)) return true;
    for await (const _ of glob(pattern, { cwd: this.#root })) return true;
    return false;
  }

  /** Whether a path leads out of the folder. */
  isOutside(path: string): boolean {
    return this.#steps(path)[0] === "..";
  }

  /** Whether a path leads into the folder where Scanflow keeps its own state. */
  isState(path: string): boolean {
    return this.#steps(path)[0] === ".scanflow";
  }

  #steps(path: string): readonly string[] {
    return relative(this.#root, resolve(this.#root, path)).split(sep);
  }

  /** The text of a small file; "" when there is none. */
  text(path: string): string {
    const file = join(this.#root, path);
    try {
      return statSync(file).size > LARGEST_TEXT ? "" : readFileSync(file, "utf8");
    } catch {
      return "";
    }
  }

  /** What is there and was most likely meant: a name like it beside it, or the same name elsewhere. */
  nearest(path: string): string | undefined {
    if (!this.#meant.has(path)) this.#meant.set(path, this.#nearest(path));
    return this.#meant.get(path);
  }

  #nearest(path: string): string | undefined {
    const wanted = this.#steps(path).join("/");
    const [folder, name, extension] = [dirname(wanted), basename(wanted), extname(wanted)];
    this.#entries ??= entriesBelow(this.#root);
    const entries = this.#entries;
    const beside = entries.filter((entry) => dirname(entry) === folder);
    const alike = beside.filter((entry) => extname(entry).toLowerCase() === extension.toLowerCase());
    const stem = nearest(stemOf(wanted), alike.map(stemOf));
    const found = alike.find((entry) => stemOf(entry) === stem);
    if (found !== undefined) return found;
    const same = entries.filter((entry) => basename(entry).toLowerCase() === name.toLowerCase());
    if (same.length > 0) return same.length === 1 ? same[0] : nearest(wanted, same);
    return beside.find((entry) => stemOf(entry) === stemOf(wanted));
  }
}

/** Whether a program of this name is on the PATH. */
export function isOnPath(name: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && isThere(join(folder, name)));
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Files and folders below a folder, the upper ones first, with `/`; not more than a person would look through. */
function entriesBelow(root: string): readonly string[] {
  const found: string[] = [];
  const open = [""];
  for (const folder of open) {
    for (const entry of listed(join(root, folder))) {
      if (IGNORED.test(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      found.push(path);
      if (found.length >= MOST_ENTRIES) return found;
      if (entry.isDirectory()) open.push(path);
    }
  }
  return found;
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
