import { nearest, type ProjectEntry } from "@scanflow/core";
import { placeholder } from "../../runners/contract/placeholders.ts";

/** Something of a command that cannot be read. */
export interface PieceProblem {
  readonly message: string;
  readonly suggestion?: string | undefined;
}

const braces = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * The pieces of a project's command, in which `{name}` stands for a parameter and a doubled brace for one brace, as in
 * Python's `str.format`.
 */
export function commandPieces(
  command: string,
  params: readonly string[],
): { readonly pieces: ProjectEntry["command"]; readonly problems: readonly PieceProblem[] } {
  const pieces: (string | { readonly param: string })[] = [];
  const problems: PieceProblem[] = [];
  let at = 0;
  for (const match of command.matchAll(braces)) {
    const [text, name] = match;
    pieces.push(command.slice(at, match.index));
    at = match.index + text.length;
    if (text === "{{" || text === "}}") pieces.push(text.slice(1));
    else if (name !== undefined && params.includes(name)) pieces.push({ param: name });
    else problems.push(problemOf(text, { name, params, shell: command[match.index - 1] === "$" }));
  }
  pieces.push(command.slice(at));
  const plain = pieces.map((piece) => (typeof piece === "string" ? piece : "{}")).join("");
  for (const [text] of plain.matchAll(placeholder)) {
    problems.push({ message: `${text} is what Scanflow itself fills in: put what needs it into a script` });
  }
  return { pieces: pieces.filter((piece) => piece !== ""), problems };
}

interface Found {
  readonly name: string | undefined;
  readonly params: readonly string[];
  /** Whether it is the braces of a shell's variable. */
  readonly shell: boolean;
}

function problemOf(text: string, { name, params, shell }: Found): PieceProblem {
  if (name === undefined) return { message: `${text} stands alone: write ${text}${text} for a brace` };
  if (shell) return { message: `$${text} is read as a parameter: write $${`{{${name}}}`} for a variable` };
  const [plain = ""] = name.split(/[!:.[]/);
  if (plain !== name && params.includes(plain))
    return { message: `${text} is more than a name: write {${plain}}` };
  const known =
    params.length === 0 ? "there are no parameters" : `they are ${params.slice(0, 20).join(", ")}`;
  const meant = nearest(name, params);
  return {
    message: `${text} names no parameter of the entry point: ${known}`,
    ...(meant !== undefined && { suggestion: `{${meant}}` }),
  };
}
