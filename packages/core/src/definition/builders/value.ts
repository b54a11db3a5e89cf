import type { Command, Environment } from "../definition.ts";
import { atCall } from "./call.ts";
import type { OutputReference } from "./reference.ts";

/** What may be bound to an input. */
export type InputValue =
  | OutputReference
  | ReturnType<typeof file>
  | ReturnType<typeof data>
  | ReturnType<typeof first>;

/** A program with its arguments, each a word of its own; write plain text for a line that the shell reads. */
export function command(program: string, ...args: readonly string[]): readonly string[] {
  return Object.freeze([program, ...args]);
}

/**
 * A step that is a function: the export of a TypeScript or JavaScript module, by its path from the config's
 * folder. Without a name it is the default export.
 */
export function step(
  path: string,
  name?: string,
): Readonly<Pick<Extract<Command, { kind: "module" }>, "module">> {
  return Object.freeze(atCall(step, { module: path, ...(name !== undefined && { export: name }) }));
}

/** A Jupyter notebook, by its path from the config's folder. */
export function notebook(path: string): Readonly<Pick<Extract<Command, { kind: "notebook" }>, "notebook">> {
  return Object.freeze(atCall(notebook, { notebook: path }));
}

/**
 * An entry point of the MLproject file in a folder, by its path from the config's folder: by default `main`. Each of
 * its parameters is given under `params`, or under `inputs` or `outputs` where it stands for a file.
 */
export function project(path: string, entry?: string): { readonly project: string; readonly entry?: string } {
  return Object.freeze(atCall(project, { project: path, ...(entry !== undefined && { entry }) }));
}

/** An input that is a file or folder, by its path from the config's folder. */
export function file(path: string): { readonly file: string } {
  return Object.freeze(atCall(file, { file: path }));
}

/**
 * An input that is a version of a dataset in the application's catalog: `data("digits@2")`, or `data("digits")` for the
 * newest one when the run is made. `scanflow data add` keeps versions, `scanflow data pull` fetches them.
 */
export function data(name: string): { readonly data: string } {
  return Object.freeze(atCall(data, { data: name }));
}

/**
 * An input that is the first of these that was produced: the join after a choice. An input of the workflow that is a
 * file is always there: put it last, to be taken when nothing before it was produced.
 */
export function first(...references: readonly OutputReference[]): {
  readonly first: readonly OutputReference[];
} {
  return Object.freeze(atCall(first, { first: Object.freeze([...references]) }));
}

/**
 * A Python environment, built once per content: from a requirements file, from packages as pip takes them, or
 * both. `version` such as `"3.12"` picks the interpreter; `apt` are Debian packages that its images get.
 */
export function python(
  settings: Readonly<Partial<Pick<Extract<Environment, { kind: "python" }>, "packages">>> & {
    readonly requirements?: string;
    readonly version?: string;
    readonly apt?: readonly string[];
  },
): { readonly python: typeof settings } {
  return Object.freeze(atCall(python, { python: Object.freeze({ ...settings }) }));
}

/**
 * Node with what a package.json asks for: `package` is its path from the config's folder, `apt` are Debian packages
 * that its images get. A process finds the application's own node_modules.
 */
export function node(settings: { readonly package?: string; readonly apt?: readonly string[] } = {}): {
  readonly node: typeof settings;
} {
  return Object.freeze(atCall(node, { node: Object.freeze({ ...settings }) }));
}

/** A container image, as `docker run` takes it. */
export function image(name: string): { readonly image: string } {
  return Object.freeze(atCall(image, { image: name }));
}

/** An image built from a Dockerfile; `context` is the folder handed to the build, by default the config's. */
export function dockerfile(
  path: string,
  { context }: { readonly context?: string } = {},
): { readonly dockerfile: string; readonly context?: string } {
  return Object.freeze(atCall(dockerfile, { dockerfile: path, ...(context !== undefined && { context }) }));
}
