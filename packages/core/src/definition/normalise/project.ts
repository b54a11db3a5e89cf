import type { JsonValue } from "../../json.ts";
import { nearest } from "../../nearest.ts";
import type { NodeDocument } from "../document/document.ts";
import { paramProblem } from "../param-problem.ts";
import type { Project, ProjectEntry, ProjectParam } from "../project.ts";
import type { NodeReading } from "./context.ts";

/** What executors, checkers and services are written with. */
export type Runnable = Pick<NodeDocument<"executor">, Exclude<keyof NodeDocument<"executor">, "kind">>;

/** A runnable whose command is its own. */
export type OwnRunnable = Pick<Runnable, Exclude<keyof Runnable, "run">> & {
  readonly run: Exclude<Runnable["run"], { readonly project: string }>;
};

/**
 * The node as it is, or, where it runs an entry point of a project, as it would be written without the project;
 * undefined when it cannot be, which is reported.
 */
export function ownRunnable(written: Runnable, reading: NodeReading): OwnRunnable | undefined {
  const { run } = written;
  if (typeof run !== "object" || !("project" in run)) return { ...written, run };
  const { project: path, entry: name = "main" } = run;
  const { report, projects } = reading;
  const found = projects?.(path);
  if (found === undefined) {
    const message = projects
      ? `there is no MLproject file in the folder ${JSON.stringify(path)}: put one there, or correct the path, which is relative to the config's folder`
      : "projects are read where a config is: in a scanflow.config.ts or scanflow.yaml";
    report({ code: "SCANFLOW_PROJECT_MISSING", message, path: [...reading.path, "run", "project"] });
    return undefined;
  }
  if ("problems" in found) {
    for (const problem of found.problems) report(problem);
    return undefined;
  }
  const names = Object.keys(found.entries);
  const entry = Object.hasOwn(found.entries, name) ? found.entries[name] : undefined;
  if (entry) return expanded(written, { ...found, folder: plainPath(path), entry }, reading);
  report({
    code: "SCANFLOW_PROJECT_ENTRY",
    message: `the project ${path} has no entry point ${JSON.stringify(name)}: it has ${names.join(", ")}`,
    path: [...reading.path, "run", ...(run.entry === undefined ? ["project"] : ["entry"])],
    suggestion: nearest(name, names),
  });
  return undefined;
}

interface Chosen extends Project {
  readonly folder: string;
  readonly entry: ProjectEntry;
}

function expanded(written: Runnable, chosen: Chosen, reading: NodeReading): OwnRunnable {
  const { folder, entry } = chosen;
  const inputs = { ...written.inputs };
  const params: Record<string, JsonValue> = {};
  refuseUnknown(written, entry, reading);
  for (const [name, definition] of Object.entries(entry.params)) {
    if (isFile(written, name)) continue;
    const given = givenValue(written, { name, definition, folder }, reading);
    if ("file" in given) inputs[name] = given;
    else params[name] = given.value;
  }
  const place = (name: string) => {
    if (Object.hasOwn(inputs, name)) return `{{inputs.${name}}}`;
    return isOutput(written, name) ? `{{outputs.${name}}}` : `{{params.${name}}}`;
  };
  const line = entry.command.map((piece) => (typeof piece === "string" ? piece : place(piece.param)));
  const environment = written.environment ?? chosen.environment;
  return {
    ...written,
    run: `${folder === "." ? "" : `cd ${shellWord(folder)} && `}${line.join("")}`,
    code: written.code ?? folder,
    inputs,
    params,
    ...(environment !== undefined && { environment }),
    env: { ...chosen.env, ...written.env },
    secrets: [...new Set([...chosen.secrets, ...(written.secrets ?? [])])],
  };
}

interface Named {
  readonly name: string;
  readonly definition: ProjectParam;
  readonly folder: string;
}

/** What a parameter is given: a value, or a file that is an input. Nothing is reported. */
function givenValue(
  { params = {} }: Runnable,
  { name, definition, folder }: Named,
  { path, report }: NodeReading,
): { readonly value: JsonValue } | { readonly file: string } {
  const { default: value, path: isPath } = definition;
  if (!Object.hasOwn(params, name)) {
    if (value === undefined) {
      const where = isPath ? "under params, or an artifact under inputs" : "under params";
      const message = `the project needs the parameter ${name}: give it ${where}`;
      report({ code: "SCANFLOW_PARAM_MISSING", message, path });
      // So that the command is not said to name nothing as well.
      return { value: null };
    }
    if (!isPath || !isRelative(value)) return { value: { literal: value } };
    return { file: plainPath(folder === "." ? value : `${folder}/${value}`) };
  }
  const written = params[name] ?? null;
  const given = literalOf(written);
  if (given === undefined) return { value: written };
  // Most parameters of projects are text that a script reads as a number.
  const fitting =
    definition.type === "string" && ["number", "boolean"].includes(typeof given) ? String(given) : given;
  const problem = paramProblem(definition, fitting);
  if (problem) report({ code: "SCANFLOW_TYPE_MISMATCH", message: problem, path: [...path, "params", name] });
  if (isPath && isRelative(fitting)) return { file: plainPath(fitting) };
  return { value: { literal: fitting } };
}

/** The value that is written; undefined where it is computed. */
function literalOf(written: JsonValue): JsonValue | undefined {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  const entries = Object.entries(written);
  const [key, value] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (key === "expression") return undefined;
  return key === "literal" && value !== undefined ? value : written;
}

function refuseUnknown(
  { inputs = {}, params = {}, outputs }: Runnable,
  entry: ProjectEntry,
  { path, report }: NodeReading,
): void {
  const names = Object.keys(entry.params);
  const has = names.length === 0 ? "it has none" : `it has ${names.slice(0, 20).join(", ")}`;
  for (const name of Object.keys(params)) {
    const known = names.includes(name);
    if (known && !Object.hasOwn(inputs, name) && !isOutput({ outputs }, name)) continue;
    const place = [...path, "params", name];
    if (known) {
      const message = `${name} is given twice: keep it in one of params, inputs and outputs`;
      report({ code: "SCANFLOW_NAME_DUPLICATE", message, path: place });
    } else {
      const message = `the project has no parameter ${JSON.stringify(name)}: ${has}`;
      report({ code: "SCANFLOW_PARAM_UNKNOWN", message, path: place, suggestion: nearest(name, names) });
    }
  }
}

function isFile(written: Runnable, name: string): boolean {
  return Object.hasOwn(written.inputs ?? {}, name) || isOutput(written, name);
}

function isOutput({ outputs = [] }: Pick<Runnable, "outputs">, name: string): boolean {
  return Array.isArray(outputs) ? outputs.includes(name) : Object.hasOwn(outputs, name);
}

/** A path of the folder: neither absolute nor an address. */
function isRelative(value: JsonValue): value is string {
  return typeof value === "string" && value !== "" && !/^(?:[/\\~]|[A-Za-z][\w+.-]*:)/.test(value);
}

/** Without `./`, doubled and closing slashes, so that one place has one name. */
function plainPath(path: string): string {
  const parts = path.split("/").filter((part, at) => part !== "." && (part !== "" || at === 0));
  return parts.join("/") || (path.startsWith("/") ? "/" : ".");
}

/** A folder for `cd`, which would take a leading dash for an option. */
function shellWord(folder: string): string {
  const text = folder.startsWith("-") ? `./${folder}` : folder;
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
