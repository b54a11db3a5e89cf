import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { writePrivateFile } from "../store/index.ts";

const serverRecord = z.object({ pid: z.number().int(), url: z.string(), token: z.string() });

/**
 * What a server says beside its database file of how commands of this machine reach it. Who can read it can read the
 * database: its token may do everything, and no other user can read it.
 */
export type ServerRecord = Readonly<z.output<typeof serverRecord>>;

export function recordFile(database: string): string {
  return `${database}.server.json`;
}

export function newRecordToken(): string {
  return `local-${randomBytes(32).toString("base64url")}`;
}

export function writeServerRecord(file: string, record: ServerRecord): void {
  writePrivateFile(file, `${JSON.stringify(record)}\n`);
}

/** undefined: there is none, or it cannot be read as one. */
export function readServerRecord(file: string): ServerRecord | undefined {
  try {
    return serverRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Called by the server alone, before it gives the lock back. */
export function removeServerRecord(file: string): void {
  rmSync(file, { force: true });
}
