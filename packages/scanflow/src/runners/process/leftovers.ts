import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { systemCode } from "../system-code.ts";
import { hasMarker, tokensOf } from "./marker.ts";
import { hasProc, isEnded, listProcesses, newestProcess, readStat } from "./proc.ts";

/** The processes of one attempt. */
export interface Family {
  /** Process group: the id of the command's own process. null: the attempt ran in this process. */
  readonly group: number | null;
  readonly token: string;
}

/** By what the processes of some families are known. */
interface Signs {
  readonly groups: ReadonlySet<number>;
  readonly tokens: ReadonlySet<string>;
}

/** Above this many newer process ids, listing them all is cheaper than asking for each. */
const fewProcesses = 64;

/**
 * Whether an attempt may have left processes behind, which are newer than `since`. Costs a few microseconds when
 * nothing was started meanwhile; a full search is only made when this says so.
 */
export function mayHaveLeft(family: Family, since: number, own?: ReadonlySet<number>): boolean {
  if (!hasProc) return family.group !== null && isGroupAlive(family.group);
  const newest = newestProcess();
  if (newest < since || newest - since > fewProcesses) return true;
  const signs = signsOf([family]);
  for (let pid = since + 1; pid <= newest; pid++) {
    if (!own?.has(pid) && existsSync(`/proc/${pid}`) && belongs(pid, signs)) return true;
  }
  return false;
}

function signsOf(families: readonly Family[]): Signs {
  return {
    groups: new Set(families.flatMap(({ group }) => (group === null ? [] : [group]))),
    tokens: new Set(families.map(({ token }) => token)),
  };
}

function belongs(pid: number, { groups, tokens }: Signs): boolean {
  const stat = readStat(pid);
  if (stat === undefined || isEnded(stat)) return false;
  return groups.has(stat.group) || hasMarker(pid, tokens);
}

/** Living processes: those of the groups, and those that left one but carry a token. */
function findMembers(signs: Signs): number[] {
  return listProcesses().filter((pid) => pid !== process.pid && belongs(pid, signs));
}

/**
 * Ends all processes of some attempts: asks first, forces after `graceMs`. Answers how many there were; those that
 * not even force has ended after a while (stuck in the kernel) are left to it.
 */
export async function endFamilies(families: readonly Family[], graceMs: number): Promise<number> {
  const signs = signsOf(families);
  const seen = new Set<number>();
  const begun = performance.now();
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const elapsed = performance.now() - begun;
    const alive = signalMembers(signs, elapsed < graceMs ? "SIGTERM" : "SIGKILL", seen);
    if (alive === 0 || elapsed > graceMs + patienceMs) return seen.size;
    await wait(Math.max(1, Math.min(pause, elapsed < graceMs ? graceMs - elapsed : pause)));
  }
}

export function endFamily(family: Family, graceMs: number): Promise<number> {
  return endFamilies([family], graceMs);
}

/** The same for all processes that carry such a token. */
export function endMarked(isOne: (token: string) => boolean, graceMs: number): Promise<number> {
  const others = listProcesses().filter((pid) => pid !== process.pid);
  const tokens = new Set(others.flatMap(tokensOf).filter(isOne));
  return endFamilies(
    Array.from(tokens, (token) => ({ group: null, token })),
    graceMs,
  );
}

const patienceMs = 5000;

/** Signals what lives; a polite signal is sent to each only once. Answers how many live. */
function signalMembers(signs: Signs, signal: "SIGTERM" | "SIGKILL", seen: Set<number>): number {
  const alive = hasProc ? findMembers(signs) : [...signs.groups].filter(isGroupAlive);
  for (const id of alive) {
    if (signal === "SIGKILL" || !seen.has(id)) send(hasProc ? id : -id, signal);
    seen.add(id);
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
