import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import type { Program } from "../contract/command-line.ts";
import { failure, type Stop } from "../outcome.ts";
import type { AttemptSpec } from "../runner.ts";
import { systemCode } from "../system-code.ts";

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Shells answer with 128 and the signal's number when a program was killed. */
const killedExit = 128 + 9;
const notFoundExit = 127;
const deniedExit = 126;

/** Why a command that has ended failed, or undefined when it did not. `quote` are the last lines of its log. */
export function judgeExit({ code, signal }: Exit, program: Program, quoted: Quoted): Stop | undefined {
  if (code === 0) return undefined;
  const { task, quote } = quoted;
  const lines = quote === "" ? "It wrote nothing to its log." : `The last lines of its log:\n${quote}`;
  if (program.shell && (code === notFoundExit || code === deniedExit)) {
    const found = code === deniedExit;
    return failure(
      found ? "SCANFLOW_COMMAND_DENIED" : "SCANFLOW_COMMAND_NOT_FOUND",
      `The shell ${found ? "may not run" : "does not find"} a command of task "${task}" (exit code ${code}). ${lines}\nInstall it, correct its name, or correct its permissions.`,
      { retryable: false },
    );
  }
  const how = signal === null ? `failed with exit code ${code}` : `was ended by the signal ${signal}`;
  const hint =
    signal === "SIGKILL" || code === killedExit
      ? " The system does that when memory runs out: look into its log (dmesg), and give the task more memory or less to do at once."
      : "";
  return failure(
    "SCANFLOW_TASK_FAILED",
    `Task "${task}" ${how}.${hint} ${lines}\nCorrect what it says there, then retry the run.`,
    { retryable: true },
  );
}

export interface Quoted {
  readonly task: string;
  readonly quote: string;
}

/** Why a program could not be started. */
export function startError(error: unknown, { file }: Program, spec: StartedSpec): unknown {
  const { task, root } = spec;
  const code = systemCode(error);
  const coded = (scanflowCode: string, message: string) =>
    new ScanflowError(scanflowCode, message, { cause: error });
  if (code === "ENOENT") return coded("SCANFLOW_COMMAND_NOT_FOUND", notFound(file, task, root));
  if (code === "EACCES" || code === "EPERM" || code === "ENOEXEC") {
    const why = code === "ENOEXEC" ? "is not a program for this machine" : "may not be executed";
    return coded(
      "SCANFLOW_COMMAND_DENIED",
      `The command "${file}" of task "${task}" ${why} (${code}). Make it executable (chmod +x), or name its interpreter, such as "python3 ${file}".`,
    );
  }
  if (code === "E2BIG") {
    return coded(
      "SCANFLOW_COMMAND_TOO_LONG",
      `The command of task "${task}" with its environment is longer than the system allows. Read large parameters from SCANFLOW_PARAMS_FILE instead of the command.`,
    );
  }
  if (error instanceof TypeError) {
    return coded(
      "SCANFLOW_COMMAND_INVALID",
      `The command of task "${task}" cannot be started: ${error.message}. Correct the command, its parameters or its variables.`,
    );
  }
  return error;
}

type StartedSpec = Pick<AttemptSpec, "task" | "root">;

function notFound(file: string, task: string, root: string): string {
  if (!existsSync(root)) {
    return `The folder ${root} of task "${task}" is not there. Put it back, or run from the folder of the config.`;
  }
  const place = isAbsolute(file) ? file : join(root, file);
  if (file.includes("/") && existsSync(place)) {
    return `The interpreter in the first line (#!) of "${file}" of task "${task}" is not there. Install it or correct the line.`;
  }
  const where = file.includes("/") ? `at ${place}` : "in any folder of PATH";
  return `The command "${file}" of task "${task}" is not found ${where}. Install it, correct its name, or declare the environment that brings it.`;
}
