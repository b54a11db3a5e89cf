import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

/** Whether this system shows its processes under `/proc` (Linux). */
export const hasProc = existsSync("/proc/self/stat");

/** `USER_HZ`: the unit of the times in `/proc/<pid>/stat`, the same on every architecture that Node runs on. */
export const ticksPerSecond = 100;

const room = Buffer.allocUnsafeSlow(256 * 1024);

/** The text of a small file of `/proc`, or undefined when the process is gone or not ours to look at. */
export function readProc(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    // These files come whole with the first read that has room for them.
    const length = readSync(file, room, 0, room.length, null);
    return room.toString("latin1", 0, length);
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** A line of `/proc/<pid>/stat` (`proc_pid_stat(5)`). */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** CPU time of the process and of the children that it has waited for. */
  readonly cpuTicks: number;
  /** Ticks from the system's start to the process's. */
  readonly start: string;
}

export function readStat(pid: number): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The program's name, in parentheses, may hold anything.
  const [
    state = "",
    parent,
    group,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    user,
    system,
    waitedUser,
    waitedSystem,
    ,
    ,
    ,
    ,
    start = "",
  ] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    state,
    parent: Number(parent),
    group: Number(group),
    cpuTicks: Number(user) + Number(system) + Number(waitedUser) + Number(waitedSystem),
    start,
  };
}

/** A process that has ended and waits to be taken note of. */
export function isEnded({ state }: ProcessStat): boolean {
  return state === "Z" || state === "X";
}

/** All processes that can be seen, in ascending order. */
export function listProcesses(): number[] {
  if (!hasProc) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** The id given out last, to a process or a thread; 0 when the system does not tell. */
export function newestProcess(): number {
  return Number(readProc("/proc/loadavg")?.trim().split(" ").at(-1) ?? 0);
}

/** Distinguishes the times since start of one boot from those of the next. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
