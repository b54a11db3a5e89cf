import { readdirSync, readFileSync } from "node:fs";

/** What `/proc` says of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly group: number;
  readonly ended: boolean;
  /** Bytes. */
  readonly memory: number;
}

/** All processes of this container; none where the system has no `/proc`. */
export function listProcesses(): ProcessStat[] {
  return pids().flatMap((pid) => {
    const stat = readText(`/proc/${pid}/stat`);
    if (stat === undefined) return [];
    // The name before may hold blanks and brackets: proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = fields[0] ?? "";
    const memory = Number(fields[21] ?? 0) * pageBytes;
    return [{ pid, group: Number(fields[2]), ended: status === "Z" || status === "X", memory }];
  });
}

const pageBytes = 4096;
/** `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time of the children that have ended and been waited for, with theirs, in ms; null where it is not known. */
export function childrenCpuMs(): number | null {
  const stat = readText("/proc/self/stat");
  if (stat === undefined) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
}

/** How often the system has ended a process of this container because memory ran out; 0 where it does not tell. */
export function outOfMemoryKills(): number {
  // cgroup v2, then v1 (memory.oom_control since Linux 4.13).
  const text =
    readText("/sys/fs/cgroup/memory.events") ?? readText("/sys/fs/cgroup/memory/memory.oom_control") ?? "";
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}

function pids(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
