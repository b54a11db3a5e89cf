import { createHmac, randomBytes } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { AttemptPlace } from "../runner.ts";

const schema = z.object({
  owner: z.string(),
  key: z.string(),
  port: z.number(),
  /** Which folder it was made in: a copy of that is another owner, who must leave the Jobs of the first alone. */
  folder: z.string().optional(),
});

/** What must stay the same for pods that outlive the process that started them. */
export interface Memory {
  /** Tells the objects of this state folder from those of others. */
  readonly owner: string;
  /** Where the gateway listened; 0: nowhere yet. */
  readonly port: number;
  /** The token by which an attempt's pod is known: only who has the key can make it. */
  bearer(place: AttemptPlace): string;
  keepPort(port: number): Promise<void>;
}

/** Stays the same when the folder is moved, or mounted elsewhere, and not when it is copied. */
async function nameOf(folder: string): Promise<string> {
  return String((await stat(folder, { bigint: true })).ino);
}

/** Reads it from a file of the state folder that only its user may read, or makes it. */
export async function openMemory(folder: string): Promise<Memory> {
  const file = join(folder, "kubernetes.json");
  const here = await nameOf(folder);
  const found = await readFile(file, "utf8").then(
    (text) => schema.parse(JSON.parse(text)),
    () => undefined,
  );
  const kept = found && (found.folder ?? here) === here ? found : undefined;
  let known = kept ?? {
    owner: randomBytes(8).toString("hex"),
    key: randomBytes(32).toString("hex"),
    port: 0,
    folder: here,
  };
  const keep = async () => {
    await writeFile(`${file}.new`, JSON.stringify(known), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  if (!kept) await keep();
  return {
    owner: known.owner,
    get port() {
      return known.port;
    },
    bearer: ({ run, task, attempt, token }) =>
      createHmac("sha256", known.key).update([run, task, attempt, token].join("\n")).digest("hex"),
    async keepPort(port) {
      known = { ...known, port };
      await keep();
    },
  };
}
