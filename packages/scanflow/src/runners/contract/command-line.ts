import { type Command, ScanflowError } from "@scanflow/core";
import { placeholder, placeholderValue, type Values } from "./placeholders.ts";
import { shellLine } from "./shell-line.ts";
import { splitWords } from "./split-words.ts";

/** What is started: a program with its arguments. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Variables that the shell line reads its values from. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether a shell runs it. */
  readonly shell: boolean;
}

/**
 * The program of a command. A list is started as it is. A line is split into words and started directly when it
 * needs no shell, else handed to `/bin/sh`; either way a value that is put in stays one word and is never read as
 * shell code. Throws `SCANFLOW_COMMAND_INVALID`.
 */
export function programOf(command: (Command & { kind: "command" })["command"], values: Values): Program {
  const words = typeof command === "string" ? splitWords(command) : command;
  if (words === null) {
    const { line, variables } = shellLine(String(command), values);
    return { file: "/bin/sh", args: ["-c", line], variables, shell: true };
  }
  const [file, ...args] = words.map((word) =>
    word.replace(placeholder, (...match: string[]) => placeholderValue(match, values)),
  );
  if (file) return { file, args, variables: {}, shell: false };
  throw new ScanflowError(
    "SCANFLOW_COMMAND_INVALID",
    `The command of task "${values.task}" is empty. Name the program to run.`,
  );
}
