import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type JsonObject, type OutputDefinition, ScanflowError } from "@scanflow/core";
import { runToEnd } from "./command-attempt.ts";
import type { Program } from "./contract/command-line.ts";
import { openWorkdir } from "./contract/workdir.ts";
import type { Frame } from "./frame.ts";
import { notebookDriver } from "./notebook/driver.ts";
import { judgeExit } from "./process/exit.ts";
import { needPython } from "./python-attempt.ts";

/** What a notebook needs in its environment besides its own packages. */
const notebookPackages = ["nbclient", "ipykernel"];

/** With which the driver says that the file is no notebook that it can run. */
const invalidExit = 65;

/** The name of the output that holds the notebook as it was run. */
const notebookOutput = "notebook";
const definition: OutputDefinition = {
  path: "notebook.ipynb",
  type: "file",
  optional: false,
  register: null,
  description: "The notebook as it was run.",
};

/**
 * Runs a notebook with the task's parameters in a kernel of the task's Python environment. Kept with its outputs as
 * the output `notebook`, at the path declared for it, or else as an additional output.
 */
export async function runNotebook(frame: Frame): Promise<JsonObject> {
  const { attempt, places } = frame;
  const { command, root, task, workdir, outputs } = attempt.spec;
  if (command.kind !== "notebook") throw new TypeError(`not a notebook: ${command.kind}`);
  const source = resolve(root, command.notebook);
  if (!existsSync(source)) {
    throw notebookError(
      task,
      `${command.notebook} is not there (${source}). Correct its path, which is relative to the config's folder.`,
    );
  }
  const { python, variables } = await needPython(frame, notebookPackages);
  openWorkdir(attempt.spec, places);
  mkdirSync(workdir, { recursive: true });
  const target = places.outputs[notebookOutput] ?? join(workdir, "notebook", definition.path);
  const program: Program = {
    file: python,
    args: ["-c", notebookDriver, source, places.params, target],
    variables: {},
    shell: false,
  };
  const result = await runToEnd(frame, program, {
    extra: { ...variables, ...kernelVariables(workdir) },
    judge: (exit, started, quoted) => {
      if (exit.code !== invalidExit) return judgeExit(exit, started, quoted);
      throw notebookError(task, `cannot be run: ${quoted.quote}\nCorrect ${command.notebook}.`);
    },
  });
  if (outputs[notebookOutput] === undefined) {
    frame.extraOutputs.push({ task, name: notebookOutput, definition, path: target });
  }
  return result;
}

/** Kernels keep their own files in the attempt's folder, and those of the environment are preferred. */
function kernelVariables(workdir: string): Record<string, string> {
  return {
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_RUNTIME_DIR: join(workdir, "jupyter"),
    IPYTHONDIR: join(workdir, "ipython"),
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
  };
}

function notebookError(task: string, what: string): ScanflowError {
  return new ScanflowError("SCANFLOW_NOTEBOOK_INVALID", `The notebook of task "${task}" ${what}`);
}
