import { isEnded, listProcesses, readStat } from "./proc.ts";

/** Whether a process runs; one that has ended and was not taken note of yet does not. */
export function runs(pid: number): boolean {
  const stat = readStat(pid);
  return stat !== undefined && !isEnded(stat);
}

export function childrenOf(pid: number): number[] {
  return listProcesses().filter((child) => readStat(child)?.parent === pid);
}
