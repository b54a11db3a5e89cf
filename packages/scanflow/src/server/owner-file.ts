import { readFileSync, rmSync } from "node:fs";
import { writePrivateFile } from "@scanflow/tracking/store";
import { z } from "zod";

const ownerRecord = z.object({
  pid: z.number().int(),
  /** Where the owner listens; null while it does not: it is busy with a short command of its own. */
  url: z.string().nullable(),
  token: z.string(),
});

/** What `.scanflow/server.json` says: who owns the folder, and how to reach it. Readable by its user alone. */
export type OwnerRecord = Readonly<z.output<typeof ownerRecord>>;

export function writeOwnerFile(file: string, record: OwnerRecord): void {
  writePrivateFile(file, `${JSON.stringify(record)}\n`);
}

/** null: there is none, or it cannot be read as one. */
export function readOwnerFile(file: string): OwnerRecord | null {
  try {
    return ownerRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Removes the file. Called by the owner alone, before it gives the lock back. */
export function removeOwnerFile(file: string): void {
  rmSync(file, { force: true });
}
