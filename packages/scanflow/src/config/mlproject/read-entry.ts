import {
  checkForm,
  nearest,
  type Path,
  type ProjectEntry,
  type ProjectParam,
  type Report,
} from "@scanflow/core";
import { commandPieces } from "./command-pieces.ts";
import { entryForm, parameterForm } from "./forms.ts";

/** An entry point as it was written, and who is told what is wrong with it. */
export interface EntrySource {
  readonly written: unknown;
  readonly path: Path;
  readonly report: Report;
  /** The text of the plain value at a path. */
  readonly textAt: (path: Path) => string | undefined;
}

/** An entry point; undefined when its form is wrong, which is reported. */
export function readEntry({ written, path, report, textAt }: EntrySource): ProjectEntry | undefined {
  const form = checkForm(written, { schema: entryForm, path, report });
  if (form === undefined) return undefined;
  const { command, parameters = {} } = form.value;
  const params: Record<string, ProjectParam> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const place = [...path, "parameters", name];
    const param = readParameter({ written: parameter, path: place, report, textAt });
    if (param) params[name] = param;
  }
  const { pieces, problems } = commandPieces(command.trim(), Object.keys(parameters));
  for (const problem of problems) {
    report({ code: "SCANFLOW_TEMPLATE_UNKNOWN", ...problem, path: [...path, "command"] });
  }
  return { command: pieces, params };
}

const UNBOUNDED = { choices: null, min: null, max: null, description: "" } as const;

/**
 * The types that MLflow documents, and those that people write although MLflow takes them for text. A truth value stays
 * text, since that is how a script gets it.
 */
const TYPES: Readonly<Record<string, Pick<ProjectParam, "type" | "path">>> = {
  string: { type: "string", path: false },
  float: { type: "number", path: false },
  path: { type: "string", path: true },
  uri: { type: "string", path: false },
  str: { type: "string", path: false },
  double: { type: "number", path: false },
  number: { type: "number", path: false },
  int: { type: "integer", path: false },
  integer: { type: "integer", path: false },
  bool: { type: "string", path: false },
  boolean: { type: "string", path: false },
};

function readParameter({ written, path, report, textAt }: EntrySource): ProjectParam | undefined {
  const form = checkForm(written, { schema: parameterForm, path, report });
  if (form === undefined) return undefined;
  const { type = "string", default: value } =
    typeof form.value === "string" ? { type: form.value, default: undefined } : form.value;
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known === undefined) {
    report({
      code: "SCANFLOW_TYPE_MISMATCH",
      message: `there is no type ${JSON.stringify(type)}: the types are string, float, path, uri, int and bool`,
      path: typeof form.value === "string" ? path : [...path, "type"],
      suggestion: nearest(type, Object.keys(TYPES)),
    });
    return undefined;
  }
  if (value === undefined || value === null) return { ...UNBOUNDED, ...known };
  const place = [...path, "default"];
  const read = defaultOf(value, { type, written: textAt(place) });
  if (typeof read === "object") {
    report({
      code: "SCANFLOW_TYPE_MISMATCH",
      message: `the default does not fit: ${read.problem}`,
      path: place,
    });
    return { ...UNBOUNDED, ...known };
  }
  return { ...UNBOUNDED, ...known, default: read };
}

const ADDRESS = /^[A-Za-z][\w+.-]*:/;

/** A default as its parameter takes it. Text is what was written: 1.0 stays 1.0. */
function defaultOf(
  value: unknown,
  { type, written }: { readonly type: string; readonly written: string | undefined },
): string | number | { readonly problem: string } {
  const found = `found ${JSON.stringify(value)}`;
  if (typeof value === "object") return { problem: `expected plain text, ${found}` };
  const kind = TYPES[type]?.type;
  if (kind !== "string") {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number))
      return { problem: `expected a number, ${found}` };
    if (kind === "integer" && !Number.isSafeInteger(number))
      return { problem: `expected a whole number, ${found}` };
    return number;
  }
  const text = typeof value === "boolean" ? (value ? "True" : "False") : (written ?? String(value));
  if (type === "uri" && !ADDRESS.test(text)) {
    return { problem: `expected an address such as s3://bucket/data, ${found} (a file is of type path)` };
  }
  if (type === "path" && /^[A-Za-z][\w+.-]*:\/\//.test(text)) {
    return { problem: `a path is a file of this machine, ${found} (an address is of type uri)` };
  }
  return typeof value === "string" ? value : text;
}
