/** Every error code of `@scanflow/core`, with when it is thrown. A test compares this table with the docs. */
export const CORE_ERRORS = {
  SCANFLOW_DEFINITION_INVALID: "A definition has problems; all of them are listed, each with its place.",
  SCANFLOW_WORKFLOW_UNKNOWN: "The named workflow is not in the application.",
  SCANFLOW_PARAM_INVALID: "A run was started with a parameter that is unknown, missing or of the wrong type.",
  SCANFLOW_DOCUMENT_INVALID:
    "A part of a definition has the wrong form: another type, a missing key, a bad value.",
  SCANFLOW_DOCUMENT_TOO_LARGE:
    "A definition is too deep, holds too many values, or stands for too many tasks.",
  SCANFLOW_KEY_UNKNOWN: "A definition has a key that means nothing where it stands.",
  SCANFLOW_NAME_ILLEGAL: "A name has characters that names may not have, is too long, or is reserved.",
  SCANFLOW_NAME_DUPLICATE:
    "Two things of one kind have the same name, or names that become the same variable.",
  SCANFLOW_REFERENCE_INVALID:
    "A text that should be a reference is neither node.output nor inputs.name, or one that should name data names none.",
  SCANFLOW_NODE_UNKNOWN: "A definition names a node that its workflow does not have.",
  SCANFLOW_OUTPUT_UNKNOWN: "A definition refers to an output that the node does not have.",
  SCANFLOW_INPUT_UNKNOWN: "A definition refers to, or binds, an input that does not exist.",
  SCANFLOW_INPUT_MISSING: "Nothing hands in an input that a workflow needs.",
  SCANFLOW_PARAM_UNKNOWN:
    "A definition binds a parameter that the nested workflow or the project does not have.",
  SCANFLOW_PARAM_MISSING: "A parameter of a nested workflow or a project has no default and is not bound.",
  SCANFLOW_NESTING_RECURSIVE: "A workflow contains itself, directly or through others.",
  SCANFLOW_CYCLE: "Nodes wait for each other; the message shows the circle.",
  SCANFLOW_PROJECT_MISSING:
    "A project's folder has no MLproject file, or a file that it names cannot be read.",
  SCANFLOW_PROJECT_ENTRY: "A project has no entry point of this name, or none at all.",
  SCANFLOW_PROJECT_ENVIRONMENT:
    "The environment of a project asks for what cannot be given here, or contradicts itself.",
  SCANFLOW_TYPE_MISMATCH: "A value, parameter or output is not of the declared type.",
  SCANFLOW_EXPRESSION_INVALID:
    "An expression of a definition has an unknown name, or values that do not fit.",
  SCANFLOW_EXPRESSION_MISPLACED: "An expression stands where only a value can.",
  SCANFLOW_CHOICE_INVALID: "The branches of a choice contradict each other or another choice.",
  SCANFLOW_MAP_INVALID: "A map is not over a list, stands for too many items, or is that of a service.",
  SCANFLOW_SCHEDULE_INVALID: "A schedule has a time that cannot be, or a time zone that is not known.",
  SCANFLOW_OUTPUT_PATH: "The path of an output leaves its folder, or two outputs have the same.",
  SCANFLOW_PORT_TAKEN: "Two trackers or services of an application want the same port.",
  SCANFLOW_TEMPLATE_UNKNOWN:
    "A command holds {{…}} that names nothing the node has, or that of a project {…} that is no parameter.",
  SCANFLOW_CHECK_UNKNOWN: "A checker is named that is not built in, and is no path and no command.",
  SCANFLOW_TRACKER_INVALID: "A workflow has more than one tracker, or a tracker is used as a step.",
  SCANFLOW_UNUSED: "Something is declared and used by nothing (a warning).",
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
