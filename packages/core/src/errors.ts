/** Every error code of `@scanflow/core`, with when it is thrown. A test compares this table with the docs. */
export const CORE_ERRORS = {
  SCANFLOW_DEFINITION_INVALID: "A definition has problems; all of them are listed, each with its place.",
  SCANFLOW_WORKFLOW_UNKNOWN: "The named workflow is not in the application.",
  SCANFLOW_PARAM_INVALID: "A run was started with a parameter that is unknown, missing or of the wrong type.",
  SCANFLOW_NOT_RUNNABLE: "What is defined is valid but cannot be run by this version.",
  SCANFLOW_EXPRESSION_SYNTAX: "A text is not an expression or a choice; the message shows where.",
  SCANFLOW_EXPRESSION_TYPE: "While an expression was evaluated, a value turned out to be of the wrong type.",
  SCANFLOW_EXPRESSION_NAME: "An expression was evaluated that has an unresolved or unknown name.",
  SCANFLOW_EXPRESSION_LIMIT: "An expression is too long, too deep or too large.",
} as const;

/** A place in a definition: the file, the path inside it, and, where known, line and column (both from 1). */
export interface Place {
  file?: string;
  path: readonly (string | number)[];
  line?: number;
  column?: number;
}

/**
 * The error of this package. Recognise it by `code` (`SCANFLOW_…`), which stays the same across versions and
 * packages; the message names the place and the value and ends with the next action.
 */
export class ScanflowError extends Error {
  readonly code: string;
  readonly place?: Place;

  constructor(code: string, message: string, options: { cause?: unknown; place?: Place } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ScanflowError";
    this.code = code;
    if (options.place) this.place = options.place;
  }
}

/** The `code` of an error of any Scanflow package, or undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && error.code.startsWith("SCANFLOW_") ? error.code : undefined;
}
