import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { isAlone } from "../first-process.ts";
import type { End } from "../protocol.ts";
import { childrenCpuMs, listProcesses, outOfMemoryKills } from "./processes.ts";

export interface ChildOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly graceMs: number;
  /** Asks the command to end. */
  readonly stop: AbortSignal;
  readonly started: () => void;
  readonly output: (stream: "stdout" | "stderr", source: Readable) => void;
}

export type ChildEnd = Pick<End, "exit" | "refused" | "outOfMemory" | "left" | "usage">;

const sampleMs = 200;

/** Runs a command in a process group of its own, to the end of all that it started. */
export async function runChild(options: ChildOptions): Promise<ChildEnd> {
  const { file, args, cwd, env, graceMs, stop } = options;
  const kills = outOfMemoryKills();
  const cpu = childrenCpuMs();
  let child: ChildProcess;
  try {
    child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    return { ...notRun, refused: refusalOf(error) };
  }
  const ended = new Promise<End["exit"]>((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => resolve({ code, signal }));
  });
  const exited = new Promise<void>((resolve) =>
    child.on("exit", () => resolve()).on("error", () => resolve()),
  );
  // Heard of below, but perhaps not at once.
  ended.catch(() => undefined);
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    return ended.then(
      (exit) => ({ ...notRun, exit }),
      (error) => ({ ...notRun, refused: refusalOf(error) }),
    );
  }
  options.output("stdout", stdout);
  options.output("stderr", stderr);
  options.started();
  let peakMemory = 0;
  const sampling = setInterval(() => {
    const own = listProcesses().filter(({ group }) => group === pid);
    peakMemory = Math.max(
      peakMemory,
      own.reduce((sum, { memory }) => sum + memory, 0),
    );
  }, sampleMs);
  const end = () => void endGroup(pid, graceMs, exited);
  if (stop.aborted) end();
  else stop.addEventListener("abort", end, { once: true });
  await exited;
  clearInterval(sampling);
  stop.removeEventListener("abort", end);
  // Whoever still holds the output open is a process that was left behind.
  const left = await endLeftBehind(pid, graceMs);
  const exit = await ended;
  const after = childrenCpuMs();
  return {
    exit,
    refused: null,
    outOfMemory: outOfMemoryKills() > kills,
    left,
    usage: { cpuMs: cpu === null || after === null ? null : after - cpu, peakMemory: peakMemory || null },
  };
}

export const notRun: ChildEnd = {
  exit: null,
  refused: null,
  outOfMemory: false,
  left: 0,
  usage: { cpuMs: null, peakMemory: null },
};

function refusalOf(error: unknown): NonNullable<End["refused"]> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "ERR_INVALID_ARG_VALUE";
  return { code, message: error instanceof Error ? error.message : String(error) };
}

async function endGroup(group: number, graceMs: number, exited: Promise<void>): Promise<void> {
  signal(-group, "SIGTERM");
  const patience = new AbortController();
  await Promise.race([exited, wait(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  signal(-group, "SIGKILL");
}

/** Ends what the command left: of its group, and as the first process of a container everything. Gives how many it was. */
async function endLeftBehind(group: number, graceMs: number): Promise<number> {
  const own = new Set([1, process.pid]);
  const left = () =>
    listProcesses().filter(
      ({ pid, ended, group: its }) => !ended && (its === group || (isAlone() && !own.has(pid))),
    );
  const first = left();
  if (first.length === 0) return 0;
  for (const { pid } of first) signal(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (left().length > 0) {
    if (Date.now() > deadline) for (const { pid } of left()) signal(pid, "SIGKILL");
    await wait(20);
  }
  return first.length;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
