import { statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { ScanflowError, type Usage } from "@scanflow/core";
import type { Attempt } from "../attempt.ts";
import type { Program } from "../contract/command-line.ts";
import type { Places } from "../contract/places.ts";
import type { AttemptLog } from "../log/attempt-log.ts";
import { stopOf } from "../outcome.ts";
import { type Exit, startError } from "./exit.ts";
import type { Launcher } from "./launcher/launcher.ts";
import { endFamily } from "./leftovers.ts";
import { recordedFamily, writeProcessFile } from "./process-file.ts";

export interface Launch {
  readonly attempt: Attempt;
  readonly program: Program;
  /** On top of what all programs inherit; undefined: not set. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  readonly log: AttemptLog;
  readonly graceMs: number;
  readonly launcher: Launcher;
  /** Told when the program has been started. */
  readonly begun: () => void;
}

/** A process carries its marker once its program is loaded; one that was about to is given this time. */
const loadMs = 50;

/**
 * Runs a program in a process group of its own and waits until nothing of it runs any more. Ends it when the attempt
 * is stopped. Throws a coded error when it cannot be started.
 */
export async function runProgram(launch: Launch): Promise<{ exit: Exit; usage: Usage }> {
  const { attempt, program, places, log, launcher, begun } = launch;
  const { spec } = attempt;
  attempt.checkStopped();
  const streams = { stdout: log.stream(), stderr: log.stream() };
  const onExit = () => {
    attempt.ended();
    forget();
  };
  const launched = launcher.launch(orderOf(launch), {
    started(pid) {
      // A shorter life needs no record: until then the marker in its environment is enough to find it.
      try {
        writeProcessFile(places.process, pid);
      } catch (error) {
        attempt.stop(stopOf(error, spec.task));
      }
      attempt.started(() => lastBeat(places.heartbeat));
      begun();
    },
    output: (which, chunk) => streams[which].write(chunk),
    exited: onExit,
  });
  const forget = attempt.onStop(() => launched.end());
  const end = await launched.done;
  onExit();
  if (end.kind === "refused") throw startError(end.error, program, spec);
  if (end.kind === "lost") {
    await endLost(launch);
    throw lostError(spec.task, end.reason);
  }
  const { exit, usage, left } = end;
  if (left > 0) log.note(`the command ended and left ${left} process(es) running; they were ended`);
  for (const stream of Object.values(streams)) stream.end();
  return { exit, usage };
}

function orderOf({ attempt, program, variables }: Launch) {
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    file: program.file,
    args: program.args,
    cwd: attempt.spec.root,
    variables: Object.fromEntries(set),
    without: Object.keys(variables).filter((name) => variables[name] === undefined),
    token: attempt.spec.token,
  };
}

/** Ends what a launcher that was lost has left of the attempt. */
async function endLost({ attempt, places, graceMs }: Launch): Promise<void> {
  await wait(loadMs);
  await endFamily(recordedFamily(places.process, attempt.spec.token), graceMs);
}

function lostError(task: string, reason: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_LAUNCHER_LOST",
    `The process through which commands are started was lost while task "${task}" ran: ${reason}\nWhat ran of the task was ended. See what ended that process (memory that ran out, a signal), then retry the run.`,
  );
}

/** When the command last touched its heartbeat file, in milliseconds since the epoch. */
function lastBeat(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
