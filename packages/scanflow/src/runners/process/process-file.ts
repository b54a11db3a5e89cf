import { readFileSync, writeFileSync } from "node:fs";
import type { Family } from "./leftovers.ts";
import { hasMarker } from "./marker.ts";
import { bootId, isEnded, listProcesses, readStat } from "./proc.ts";

/** Which process an attempt was started as, so that a later owner finds it and no other that has its number now. */
interface ProcessRecord {
  readonly pid: number;
  /** Start time in ticks since boot; "" where the system does not tell. */
  readonly start: string;
  readonly boot: string;
}

let boot: string | undefined;

export function writeProcessFile(path: string, pid: number): void {
  boot ??= bootId();
  const record: ProcessRecord = { pid, start: readStat(pid)?.start ?? "", boot };
  writeFileSync(path, JSON.stringify(record));
}

/**
 * The processes that may be ended in an attempt's name. The group of the recorded process counts only if it can be
 * no other: the process itself still lives, or a member of the group carries the attempt's token.
 */
export function recordedFamily(path: string, token: string): Family {
  const record = readProcessFile(path);
  if (record === undefined || record.boot !== bootId()) return { group: null, token };
  const { pid, start } = record;
  const stat = readStat(pid);
  if (stat !== undefined && !isEnded(stat)) {
    return { group: stat.start === start && stat.group === pid ? pid : null, token };
  }
  const tokens = new Set([token]);
  const known = listProcesses().some((other) => readStat(other)?.group === pid && hasMarker(other, tokens));
  return { group: known ? pid : null, token };
}

function readProcessFile(path: string): ProcessRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof record !== "object" || record === null) return undefined;
    const { pid, start, boot } = record as Partial<Record<keyof ProcessRecord, unknown>>;
    if (typeof pid !== "number" || typeof start !== "string" || typeof boot !== "string") return undefined;
    return { pid, start, boot };
  } catch {
    return undefined;
  }
}
