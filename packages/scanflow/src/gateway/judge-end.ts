import type { JsonObject } from "@scanflow/core";
import { ScanflowError } from "@scanflow/core";
import { Stopped } from "../runners/attempt.ts";
import type { RemoteEnd } from "../runners/function/logged-lines.ts";
import { stepProcessResult } from "../runners/function/step-result.ts";
import type { RemoteCommand } from "../runners/gateway.ts";
import { failure } from "../runners/outcome.ts";
import { judgeExit, startError } from "../runners/process/exit.ts";
import { parseResult, resultError } from "../runners/result-file.ts";
import type { AttemptSpec } from "../runners/runner.ts";
import type { End } from "../shim/protocol.ts";

export interface Judged {
  readonly spec: AttemptSpec;
  readonly command: RemoteCommand;
  /** How a function step said that it ended. */
  readonly logged: RemoteEnd | undefined;
  /** The last lines of the log. */
  readonly quote: string;
}

/**
 * The result of an attempt whose shim says that it ended so. Throws the errors that the process runner has for the same
 * ends, and SCANFLOW_ATTEMPT_LOST or SCANFLOW_ATTEMPT_FAILED for what became of the shim itself.
 */
export function judgeEnd(end: End, { spec, command, logged, quote }: Judged): JsonObject {
  const { task } = spec;
  if (end.trouble) throw troubleError(end.trouble, task);
  if (end.refused) {
    const error = Object.assign(new Error(end.refused.message), { code: end.refused.code, syscall: "spawn" });
    const program = { ...command, variables: {} };
    throw startError(
      end.refused.code.startsWith("ERR_") ? new TypeError(end.refused.message) : error,
      program,
      spec,
    );
  }
  if (end.exit === null) throw troubleError({ code: null, message: "its command was not run" }, task);
  const exit = { code: end.exit.code, signal: end.exit.signal as NodeJS.Signals | null };
  if (end.outOfMemory && exit.code !== 0) throw new Stopped(memoryFailure(task, quote));
  if (spec.command.kind === "module" || spec.command.kind === "check") {
    return stepProcessResult(spec, exit, logged);
  }
  const failed = judgeExit(exit, { ...command, variables: {} }, { task, quote });
  if (failed) throw new Stopped(failed);
  if (end.resultFault !== null) throw resultError(task, end.resultFault);
  return end.result === null ? {} : parseResult(end.result, task);
}

function memoryFailure(task: string, quote: string) {
  const lines = quote === "" ? "" : ` The last lines of its log:\n${quote}\n`;
  return failure(
    "SCANFLOW_TASK_FAILED",
    `Task "${task}" was ended by the system because its container ran out of memory.${lines} Give the task more memory (resources), or less to do at once.`,
    { retryable: true },
  );
}

function troubleError({ code, message }: NonNullable<End["trouble"]>, task: string): Error {
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new ScanflowError(
      "SCANFLOW_STORAGE_FULL",
      `The disk of the container of task "${task}" is full (${message}). Give it a larger volume, or let the task keep less.`,
    );
  }
  if (code === "ESTOPPED") {
    return new ScanflowError(
      "SCANFLOW_ATTEMPT_LOST",
      `The container of task "${task}" was stopped while it ran. See who stopped it, then retry the run.`,
    );
  }
  return new ScanflowError(
    "SCANFLOW_ATTEMPT_FAILED",
    `The container of task "${task}" could not carry it out: ${message}. Look at the place it names, then retry the run.`,
  );
}
