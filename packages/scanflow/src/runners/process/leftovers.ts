import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { systemCode } from "../outcome.ts";
import { hasMarker } from "./marker.ts";
import { hasProc, isEnded, listProcesses, newestProcess, readStat } from "./proc.ts";

/** The processes of one attempt. */
export interface Family {
  /** Process group: the id of the command's own process. null: the attempt ran in this process. */
  readonly group: number | null;
  readonly token: string;
}

/** Above this many newer process ids, listing them all is cheaper than asking for each. */
const fewProcesses = 64;

/**
 * Whether an attempt may have left processes behind, which are newer than `since`. Costs a few microseconds when
 * nothing was started meanwhile; a full search is only made when this says so.
 */
export function mayHaveLeft(family: Family, since: number, own: { has(pid: number): boolean }): boolean {
  if (!hasProc) return family.group !== null && isGroupAlive(family.group);
  const newest = newestProcess();
  if (newest < since || newest - since > fewProcesses) return true;
  for (let pid = since + 1; pid <= newest; pid++) {
    if (!own.has(pid) && existsSync(`/proc/${pid}`) && belongs(pid, family)) return true;
  }
  return false;
}

function belongs(pid: number, { group, token }: Family): boolean {
  const stat = readStat(pid);
  if (stat === undefined || isEnded(stat)) return false;
  return stat.group === group || hasMarker(pid, token);
}

/** The living processes of an attempt: those of its group, and those that left it but carry its token. */
function findFamily(family: Family): number[] {
  return listProcesses().filter((pid) => pid !== process.pid && belongs(pid, family));
}

/**
 * Ends all processes of an attempt: asks first, forces after `graceMs`. Answers how many there were; those that
 * not even force has ended after a while (stuck in the kernel) are left to it.
 */
export async function endFamily(family: Family, graceMs: number): Promise<number> {
  const seen = new Set<number>();
  const begun = performance.now();
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const elapsed = performance.now() - begun;
    const alive = signalFamily(family, elapsed < graceMs ? "SIGTERM" : "SIGKILL", seen);
    if (alive === 0 || elapsed > graceMs + patienceMs) return seen.size;
    await wait(Math.max(1, Math.min(pause, elapsed < graceMs ? graceMs - elapsed : pause)));
  }
}

const patienceMs = 5000;

/** Signals what lives; a polite signal is sent to each only once. Answers how many live. */
function signalFamily(family: Family, signal: "SIGTERM" | "SIGKILL", seen: Set<number>): number {
  if (!hasProc) {
    const { group } = family;
    if (group === null || !isGroupAlive(group)) return 0;
    if (signal === "SIGKILL" || !seen.has(group)) send(-group, signal);
    seen.add(group);
    return 1;
  }
  const alive = findFamily(family);
  for (const pid of alive) {
    if (signal === "SIGKILL" || !seen.has(pid)) send(pid, signal);
    seen.add(pid);
  }
  return alive.length;
}

function isGroupAlive(group: number): boolean {
  return send(-group, 0);
}

/** Whether there was something to send to. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
