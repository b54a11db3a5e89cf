import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Usage } from "@scanflow/core";
import type { Attempt } from "../attempt.ts";
import type { Program } from "../contract/command-line.ts";
import type { Places } from "../contract/places.ts";
import type { AttemptLog, LogStream } from "../log/attempt-log.ts";
import { usageUnknown } from "../outcome.ts";
import { type Exit, startError } from "./exit.ts";
import { endFamily, type Family, mayHaveLeft } from "./leftovers.ts";
import { writeProcessFile } from "./process-file.ts";
import type { Meter, UsageSampler } from "./usage-sampler.ts";

export interface Launch {
  readonly attempt: Attempt;
  readonly program: Program;
  readonly env: Readonly<Record<string, string>>;
  readonly places: Places;
  readonly log: AttemptLog;
  readonly graceMs: number;
  readonly sampler: UsageSampler;
  /** The processes that this owner has started. */
  readonly own: Set<number>;
}

/** How long output is waited for that a process beyond reach holds open. */
const closeMs = 1000;

/**
 * Runs a program in a process group of its own and waits until nothing of it runs any more. Ends it when the attempt
 * is stopped. Throws a coded error when it cannot be started.
 *
 * `node:child_process` directly: starting `true` through execa 9 took 0.5 to 0.7 ms more of this process's CPU time
 * per command, as much again as the start itself.
 */
export async function runProgram(launch: Launch): Promise<{ exit: Exit; usage: Usage }> {
  const { attempt, log, own, sampler, graceMs } = launch;
  const { spec } = attempt;
  const child = start(launch);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", (error) => reject(startError(error, launch.program, spec)));
  });
  const { pid } = child;
  if (pid === undefined) return { exit: await exited, usage: usageUnknown };

  own.add(pid);
  const family: Family = { group: pid, token: spec.token };
  const meter = sampler.watch(pid);
  let ending: Promise<number> | undefined;
  try {
    forward(child.stdout, log.stream(), meter);
    forward(child.stderr, log.stream(), meter);
    writeProcessFile(launch.places.process, pid);
    attempt.onStop(() => {
      ending = endFamily(family, graceMs);
    });
    attempt.started(() => lastBeat(launch.places.heartbeat));
    const exit = await exited;
    attempt.ended();
    sampler.unwatch(meter);
    if (!ending && mayHaveLeft(family, pid, own)) {
      const left = await endFamily(family, graceMs);
      if (left > 0) log.note(`the command ended and left ${left} process(es) running; they were ended`);
    }
    await ending;
    if (child.stdout?.closed === false || child.stderr?.closed === false) await closeStreams(child, closed);
    return { exit, usage: meter.usage };
  } finally {
    sampler.unwatch(meter);
    own.delete(pid);
  }
}

function start({ attempt, program, env }: Launch): ChildProcess {
  try {
    return spawn(program.file, program.args, {
      cwd: attempt.spec.root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    throw startError(error, program, attempt.spec);
  }
}

function forward(output: Readable | null, stream: LogStream, meter: Meter): void {
  output?.on("data", (chunk: Buffer) => stream.write(chunk));
  output?.once("end", () => meter.last());
  output?.once("close", () => stream.end());
  // A pipe that breaks has nothing more to say.
  output?.on("error", () => output.destroy());
}

async function closeStreams(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  const late = wait(closeMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
  await Promise.race([closed, late]);
  giveUp.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  await closed;
}

/** When the command last touched its heartbeat file, in milliseconds since the epoch. */
function lastBeat(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
