import { type JsonObject, ScanflowError } from "@scanflow/core";
import { Stopped } from "../attempt.ts";
import { failure, type Stop } from "../outcome.ts";
import type { Exit } from "../process/exit.ts";
import { resultError } from "../result-file.ts";
import type { AttemptSpec } from "../runner.ts";
import type { RemoteEnd } from "./logged-lines.ts";

type Spec = Pick<AttemptSpec, "task" | "command">;

/**
 * The result of a step that ended so. Throws SCANFLOW_EXPORT_NOT_FOUND, SCANFLOW_MODULE_NOT_FOUND,
 * SCANFLOW_RESULT_INVALID, and a `Stopped` with SCANFLOW_TASK_FAILED or the code that a check threw.
 */
export function stepResult({ task, command }: Spec, end: RemoteEnd): JsonObject {
  switch (end.kind) {
    case "returned":
      return JSON.parse(end.json);
    case "bad-result":
      throw resultError(task, end.what);
    case "no-module":
      throw moduleError({ task, command }, end.module);
    case "no-export":
      throw new ScanflowError(
        "SCANFLOW_EXPORT_NOT_FOUND",
        `The module ${nameOf(command)} of task "${task}" exports no function "${exportOf(command)}"; it exports ${end.exports.join(", ") || "none"}. Export it, or name another.`,
      );
    case "thrown":
      // A check is a function of ours: where it stood is nothing to its user.
      if (command.kind === "check" && end.coded !== null) {
        const { code, message } = end.coded;
        throw new Stopped(failure(code, `Checker "${task}": ${message}`, { retryable: true }));
      }
      throw new Stopped(
        taskFailed(`Task "${task}" failed:\n${end.stack}\nCorrect the step, then retry the run.`),
      );
  }
}

/**
 * The result of a step that ran in a process of its own. `end` is undefined when it did not say how it ended, and then
 * only its exit tells. Throws as `stepResult` does.
 */
export function stepProcessResult(spec: Spec, exit: Exit, end: RemoteEnd | undefined): JsonObject {
  if (end !== undefined) return stepResult(spec, end);
  const { task } = spec;
  const { code, signal } = exit;
  if (signal === null && code !== outOfMemoryExit) throw new Stopped(exitedStep(task, code ?? 0));
  const how = signal === null ? `exit code ${code}` : `the signal ${signal}`;
  throw new Stopped(
    taskFailed(
      `Task "${task}" was ended by ${how}, as happens when memory runs out. Give the task more memory or less to do at once, then retry the run.`,
    ),
  );
}

/** With which Node ends when its heap is full: 128 and the number of SIGABRT. */
const outOfMemoryExit = 128 + 6;

export function exitedStep(task: string, code: number): Stop {
  return taskFailed(
    `Task "${task}" called process.exit(${code}). A step ends by returning or throwing: do so instead, then retry the run.`,
  );
}

export function taskFailed(message: string): Stop {
  return failure("SCANFLOW_TASK_FAILED", message, { retryable: true });
}

export function moduleError({ task, command }: Spec, place: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_MODULE_NOT_FOUND",
    `The module ${nameOf(command)} of task "${task}" is not there (${place}). Correct its path, which is relative to the config's folder.`,
  );
}

function nameOf(command: AttemptSpec["command"]): string {
  return command.kind === "module" ? command.module : command.kind;
}

function exportOf(command: AttemptSpec["command"]): string {
  return command.kind === "module" ? command.export : "default";
}
