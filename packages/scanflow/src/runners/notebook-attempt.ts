import { existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { type JsonObject, ScanflowError } from "@scanflow/core";
import { notebookPackages } from "../requirements/index.ts";
import { runToEnd } from "./command-attempt.ts";
import { openWorkdir } from "./contract/workdir.ts";
import type { Frame } from "./frame.ts";
import { notebookDefinition, notebookOutput, notebookProgram } from "./notebook/notebook-program.ts";
import { judgeExit } from "./process/exit.ts";
import { needPython } from "./python-attempt.ts";

/** With which the driver says that the file is no notebook that it can run. */
const invalidExit = 65;

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
  const {
    program,
    variables: kernel,
    target,
  } = notebookProgram(attempt.spec, {
    places,
    folder: workdir,
    root,
    python,
  });
  const result = await runToEnd(frame, program, {
    extra: { ...variables, ...kernel },
    judge: (exit, started, quoted) => {
      if (exit.code !== invalidExit) return judgeExit(exit, started, quoted);
      throw notebookError(task, `cannot be run: ${quoted.quote}\nCorrect ${command.notebook}.`);
    },
  });
  if (outputs[notebookOutput] === undefined) {
    frame.extraOutputs.push({ task, name: notebookOutput, definition: notebookDefinition, path: target });
  }
  return result;
}

function notebookError(task: string, what: string): ScanflowError {
  return new ScanflowError("SCANFLOW_NOTEBOOK_INVALID", `The notebook of task "${task}" ${what}`);
}
