import { join, resolve } from "node:path";
import type { OutputDefinition } from "@scanflow/core";
import type { Program } from "../contract/command-line.ts";
import type { Places } from "../contract/places.ts";
import type { AttemptSpec } from "../runner.ts";
import { notebookDriver } from "./driver.ts";

/** The name of the output that holds the notebook as it was run. */
export const notebookOutput = "notebook";

export const notebookDefinition: OutputDefinition = {
  path: "notebook.ipynb",
  type: "file",
  optional: false,
  register: null,
  description: "The notebook as it was run.",
};

export interface NotebookSite {
  readonly places: Places;
  /** The attempt's folder. */
  readonly folder: string;
  /** The application's. */
  readonly root: string;
  readonly python: string;
}

export interface NotebookProgram {
  readonly program: Program;
  readonly variables: Readonly<Record<string, string>>;
  /** Where the notebook comes to lie with its outputs. */
  readonly target: string;
}

/** What runs a notebook. Kernels keep their own files in the attempt's folder, and those of the environment are preferred. */
export function notebookProgram(
  { command }: Pick<AttemptSpec, "command">,
  { places, folder, root, python }: NotebookSite,
): NotebookProgram {
  if (command.kind !== "notebook") throw new TypeError(`not a notebook: ${command.kind}`);
  const target = places.outputs[notebookOutput] ?? join(folder, "notebook", notebookDefinition.path);
  return {
    program: {
      file: python,
      args: ["-c", notebookDriver, resolve(root, command.notebook), places.params, target],
      variables: {},
      shell: false,
    },
    variables: {
      JUPYTER_PREFER_ENV_PATH: "1",
      JUPYTER_RUNTIME_DIR: join(folder, "jupyter"),
      IPYTHONDIR: join(folder, "ipython"),
      PYDEVD_DISABLE_FILE_VALIDATION: "1",
    },
    target,
  };
}
