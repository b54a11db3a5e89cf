import { constants } from "node:os";
import { ScanflowError } from "@scanflow/core";
import { DockerError } from "../../docker/index.ts";
import type { RemoteCommand } from "../gateway.ts";
import { failure, type Stop } from "../outcome.ts";
import { type Exit, judgeExit } from "../process/exit.ts";
import type { AttemptSpec } from "../runner.ts";

export interface ContainerEnd {
  readonly code: number;
  /** Whether the kernel ended something in it because its memory was full. */
  readonly outOfMemory: boolean;
}

export interface EndedContainer {
  readonly command: RemoteCommand;
  readonly image: string;
  /** The last lines of its log. */
  readonly quote: string;
}

/** A shell, an init process and the daemon answer with 128 and the signal's number when a program was killed. */
export function exitOf({ code }: ContainerEnd): Exit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal ? { code: null, signal: signal[0] as NodeJS.Signals } : { code, signal: null };
}

/** With which an init process says that it cannot start the command (krallin/tini, src/tini.c). */
const initFailure = /\[FATAL tini \(\d+\)\] exec (.*) failed: (.*)/;

/** Why the command of a container that has ended failed, or undefined when it did not. */
export function judgeContainer(
  spec: AttemptSpec,
  end: ContainerEnd,
  ended: EndedContainer,
): Stop | undefined {
  const { task, resources } = spec;
  const { command, image, quote } = ended;
  if (end.code === 0) return undefined;
  if (end.outOfMemory) {
    const limit = resources?.memory ? `its ${resources.memory} bytes of memory` : "the memory of the machine";
    return failure(
      "SCANFLOW_TASK_FAILED",
      `Task "${task}" needed more than ${limit} and was ended by the system. ${lines(quote)}\nGive it more memory in its resources, or less to do at once.`,
      { retryable: true },
    );
  }
  const refused = initFailure.exec(quote);
  if (refused && (end.code === 127 || end.code === 126)) {
    return commandRefused(spec, { file: command.file, image, reason: refused[2] ?? "" });
  }
  return judgeExit(exitOf(end), { ...command, variables: command.variables }, { task, quote });
}

function lines(quote: string): string {
  return quote === "" ? "It wrote nothing to its log." : `The last lines of its log:\n${quote}`;
}

/** What the daemon says of a command that it cannot start, from 20.10 to 28 (runc: libcontainer). */
const startFailure =
  /executable file not found|no such file or directory|permission denied|exec format error/i;

/** The error of a container that could not be started. */
export function startFailed(
  error: unknown,
  spec: AttemptSpec,
  { command, image }: Omit<EndedContainer, "quote">,
): unknown {
  if (!(error instanceof DockerError) || error.status === null) return error;
  const said = error.message;
  const reason = startFailure.exec(said)?.[0];
  if (reason && said.includes(command.file)) {
    const stop = commandRefused(spec, { file: command.file, image, reason });
    return stop.kind === "failed" ? new ScanflowError(stop.code, stop.message, { cause: error }) : error;
  }
  return error;
}

function commandRefused(
  { task }: AttemptSpec,
  { file, image, reason }: { readonly file: string; readonly image: string; readonly reason: string },
): Stop {
  const denied = /permission denied|exec format error/i.test(reason);
  if (denied) {
    return failure(
      "SCANFLOW_COMMAND_DENIED",
      `The command "${file}" of task "${task}" may not be run in the image ${image} (${reason}). Make it executable for everybody, or name its interpreter, such as "python3 ${file}".`,
      { retryable: false },
    );
  }
  return failure(
    "SCANFLOW_COMMAND_NOT_FOUND",
    `The command "${file}" of task "${task}" is not in the image ${image}. Correct its name, or declare the environment that brings it.`,
    { retryable: false },
  );
}
