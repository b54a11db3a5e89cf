import type { Usage } from "@scanflow/core";
import type { Exit } from "../exit.ts";

/**
 * What a runner says to its launcher: frames with the number of the program that is meant and a JSON text.
 * `end` asks to end a program and carries nothing.
 */
export const toLauncher = { setUp: 1, start: 2, end: 3 } as const;

/**
 * And back. The content of an output is its bytes. `started` carries the process id, and is said only of a program that
 * runs on for a moment; `exited` an `Exit`, and is said only when something of the program still goes on; `ended` or
 * `refused` is the last.
 */
export const fromLauncher = { started: 1, stdout: 2, stderr: 3, exited: 4, ended: 5, refused: 6 } as const;

/** Says `setUp`, once, before anything else. */
export interface SetUp {
  /** The environment that every program starts from. */
  readonly base: Readonly<Record<string, string>>;
  /** How long a program may take to end after it was asked to. */
  readonly graceMs: number;
}

/** Says `start`. */
export interface ProgramOrder {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** On top of the base. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the base that are not set. */
  readonly without: readonly string[];
  /** The attempt's, by which its processes are known. */
  readonly token: string;
}

/** `ended`: nothing of the program runs any more, and all its output was handed over. */
export interface ProgramReport {
  readonly exit: Exit;
  readonly usage: Usage;
  /** How many processes it had left behind, which were ended. */
  readonly left: number;
}

/** `refused`: the program cannot be started. */
export interface Refusal {
  readonly message: string;
  /** The operating system's code; undefined: the order itself cannot be carried out. */
  readonly code?: string;
  readonly syscall?: string;
}
