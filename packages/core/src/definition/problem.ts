import type { CORE_ERRORS, Place } from "../errors.ts";

/** A path inside a document: keys and positions from its root. */
export type Path = readonly (string | number)[];

/** Something wrong in a definition. */
export interface Problem {
  /** A row of `CORE_ERRORS`. */
  readonly code: ProblemCode;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly place: Place;
  /** The valid name that was most likely meant. */
  readonly suggestion?: string;
}

/**
 * Line and column (from 1) of what stands at a path, and the file where it is another than the document's; undefined
 * when unknown.
 */
export type Locate = (
  path: Path,
) => { readonly file?: string; readonly line: number; readonly column: number } | undefined;

export interface Finding {
  readonly code: ProblemCode;
  readonly message: string;
  readonly path: Path;
  readonly suggestion?: string | undefined;
}

/** Takes one finding, which the parser turns into a problem, or a problem of another file. */
export type Report = (finding: Finding | Problem) => void;

/** The code of a problem. */
export type ProblemCode = keyof typeof CORE_ERRORS;

/** A problem on one line: `file:line:column path: message (did you mean "x"?)`. */
export function formatProblem({ place, message, suggestion }: Omit<Problem, "code">): string {
  const { file = "", line, column = 1 } = place;
  const where = [...(file ? [file] : []), ...(line === undefined ? [] : [line, column])].join(":");
  const path = formatPath(place.path);
  const told = suggestion === undefined || message.includes("did you mean");
  const meant = told ? "" : ` (did you mean ${JSON.stringify(suggestion)}?)`;
  const start = [where, path].filter((part) => part !== "").join(" ");
  return `${start === "" ? "" : `${start}: `}${message}${meant}`;
}

/** `workflows.digits.nodes.split.after[0]` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[\w$-]+$/.test(key))
      return `${text}[${JSON.stringify(key.length > 80 ? `${key.slice(0, 77)}...` : key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}
