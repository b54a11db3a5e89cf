import { basename, extname, isAbsolute, join } from "node:path";
import type { Command } from "@scanflow/core";
import { splitWords } from "../../runners/contract/split-words.ts";

/** A file that a command line cannot do without. */
export interface Script {
  readonly path: string;
  /** Which word of the command it is. */
  readonly word: number;
  /** A shell that does not find it in the folder looks for it on the PATH. */
  readonly onPath: boolean;
}

/** Programs that are given a script, with the options before it that take no value. */
const INTERPRETERS: readonly { readonly name: RegExp; readonly option?: RegExp; readonly shell?: true }[] = [
  { name: /^(?:python|pypy)[\d.]*$/, option: /^-[bBdEiIOPqsSuvx]+$/ },
  { name: /^(?:sh|bash|dash|zsh|ksh)$/, option: /^-[eux]+$/, shell: true },
  { name: /^Rscript$/, option: /^--(?:vanilla|no-[\w-]+)$/ },
  { name: /^(?:node|bun|tsx|ruby|perl|julia|lua|php)$/ },
];

const SOURCES = new Set(
  ".py .pyw .sh .bash .zsh .ksh .r .jl .lua .pl .rb .php .ts .mts .cts .js .mjs .cjs".split(" "),
);

/**
 * The files that a command is sure to need: its program where that is a path, and the script that an interpreter is
 * given. Of a line for the shell only its first plain command is looked at, and a `cd` before it. Whatever is not
 * understood names nothing.
 */
export function scriptsOf(command: (Command & { kind: "command" })["command"]): readonly Script[] {
  const [, quoted, bare, rest] = (typeof command === "string" ? INTO_FOLDER.exec(command) : null) ?? [];
  const folder = quoted ?? bare;
  if (folder !== undefined && rest !== undefined) {
    const scripts = scriptsOf(rest).filter(({ onPath }) => !onPath);
    return scripts.map((script) => ({ ...script, path: within(folder, script.path) }));
  }
  const words = typeof command === "string" ? (splitWords(command) ?? firstCommand(command)) : command;
  const [program = ""] = words;
  const scripts: Script[] = [];
  if (isPlain(program) && program.includes("/")) scripts.push({ path: program, word: 0, onPath: false });
  const interpreter = INTERPRETERS.find(({ name }) => name.test(basename(program)));
  if (!interpreter) return scripts;
  const { option, shell = false } = interpreter;
  const word = words.findIndex((each, position) => position > 0 && !option?.test(each));
  const path = words[word] ?? "";
  if (isPlain(path) && SOURCES.has(extname(path).toLowerCase())) {
    scripts.push({ path, word, onPath: shell && !path.includes("/") });
  }
  return scripts;
}

const INTO_FOLDER = /^\s*cd[ \t]+(?:'([^']+)'|(\w[\w./@%+=,-]*))[ \t]*&&(.*)$/s;

/** A script's path from the config's folder when it is named from another one. */
function within(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

const ASSIGNMENT = /^[A-Za-z_]\w*=[\w./:@%+,-]*$/;
const PLAIN = /^[\w./:@%+,=-]+$/;

/** What lets a line go on when its first command fails, and what goes on in another line. */
const GOES_ON = /\|\||;|(?:^|[^&>])&(?![&>])|[\n\\]/;

/** The leading words of a line for the shell that mean what they say. */
function firstCommand(line: string): readonly string[] {
  if (GOES_ON.test(line)) return [];
  const words = line.trim().split(/[ \t]+/);
  const start = words.findIndex((word) => !ASSIGNMENT.test(word));
  const rest = start < 0 ? [] : words.slice(start);
  const end = rest.findIndex((word) => !PLAIN.test(word));
  return end < 0 ? rest : rest.slice(0, end);
}

function isPlain(word: string): boolean {
  return word !== "" && !word.startsWith("-") && !word.includes("{{");
}
