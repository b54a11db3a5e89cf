import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Usage } from "@scanflow/core";
import type { Attempt } from "../attempt.ts";
import type { Program } from "../contract/command-line.ts";
import type { Places } from "../contract/places.ts";
import type { AttemptLog, LogStream } from "../log/attempt-log.ts";
import { stopOf, usageUnknown } from "../outcome.ts";
import { type Exit, startError } from "./exit.ts";
import { endFamily, type Family, mayHaveLeft } from "./leftovers.ts";
import { writeProcessFile } from "./process-file.ts";
import type { UsageSampler } from "./usage-sampler.ts";

export interface Launch {
  readonly attempt: Attempt;
  readonly program: Program;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  readonly log: AttemptLog;
  readonly graceMs: number;
  readonly sampler: UsageSampler;
  /** The processes that this owner has started. */
  readonly own: Set<number>;
}

/** How long output is waited for that a process beyond reach holds open. */
const closeMs = 1000;
/** How old a process is when its number is written down for a later owner. */
const recordMs = 20;

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
  // A shorter life needs no record: until then the marker in its environment is enough to find it.
  const record = setTimeout(() => {
    try {
      writeProcessFile(launch.places.process, pid);
    } catch (error) {
      attempt.stop(stopOf(error, spec.task));
    }
  }, recordMs);
  let ending: Promise<number> | undefined;
  const streams = [log.stream(), log.stream()] as const;
  let open = 2;
  const onEnd = () => {
    open -= 1;
    if (open === 0) meter.last();
  };
  try {
    forward(child.stdout, streams[0], onEnd);
    forward(child.stderr, streams[1], onEnd);
    const forget = attempt.onStop(() => {
      ending = endFamily(family, graceMs);
    });
    attempt.started(() => lastBeat(launch.places.heartbeat));
    const exit = await exited;
    attempt.ended();
    // From here on the number of the group may become another's.
    forget();
    clearTimeout(record);
    sampler.unwatch(meter);
    if (!ending && mayHaveLeft(family, pid, own)) {
      const left = await endFamily(family, graceMs);
      if (left > 0) log.note(`the command ended and left ${left} process(es) running; they were ended`);
    }
    await ending;
    if (child.stdout?.closed === false || child.stderr?.closed === false) await closeStreams(child, closed);
    for (const stream of streams) stream.end();
    return { exit, usage: meter.usage };
  } finally {
    clearTimeout(record);
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

function forward(output: Readable | null, stream: LogStream, onEnd: () => void): void {
  output?.on("data", (chunk: Buffer) => stream.write(chunk));
  output?.once("end", onEnd);
  // A pipe that breaks has nothing more to say.
  output?.on("error", () => output.destroy());
}

async function closeStreams(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, closeMs);
  await closed;
  clearTimeout(timer);
}

/** When the command last touched its heartbeat file, in milliseconds since the epoch. */
function lastBeat(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
