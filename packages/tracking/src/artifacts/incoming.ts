import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolders } from "./make-folders.ts";
import { isSystemError } from "./system-error.ts";

/** A draft of another machine cannot be asked whether its process lives; after a week it counts as abandoned. */
const abandonedAfterMs = 7 * 24 * 60 * 60 * 1000;

/** When a process began, in clock ticks since boot: tells it from a later one with the same id. Linux only. */
function beganAt(pid: number | "self"): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

/** The machine, or the container on it: process ids mean nothing elsewhere. */
function machine(): string {
  let space = "";
  try {
    space = readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    // No process namespaces here; the host's name is enough.
  }
  return encodeURIComponent(`${hostname()}-${space}`);
}

function lives(pid: number, began: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isSystemError(error, "ESRCH")) return false;
  }
  return beganAt(pid) === began;
}

async function removeAbandoned(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && now - stats.mtimeMs > abandonedAfterMs) await rm(path, { force: true });
  }
  await rmdir(folder).catch(() => undefined);
}

/** How many stores that are open in this thread write into a folder. */
const writers = new Map<string, number>();

/** Where files are written before they get their final name: one folder a process, cleared once that is gone. */
export class Incoming {
  readonly folder: string;
  readonly #batch = randomBytes(6).toString("hex");
  #count = 0;

  constructor(root: string, name = "incoming") {
    this.folder = join(root, name, `${machine()}.${process.pid}.${beganAt("self")}`);
  }

  /** A path that nothing has used yet. */
  path(): string {
    this.#count += 1;
    return join(this.folder, `${this.#batch}-${this.#count}`);
  }

  /** Says that a store writes here, until the returned function is called: the last one takes the empty folder away. */
  use(): () => Promise<void> {
    writers.set(this.folder, (writers.get(this.folder) ?? 0) + 1);
    let used = true;
    return async () => {
      if (!used) return;
      used = false;
      const left = (writers.get(this.folder) ?? 1) - 1;
      if (left > 0) writers.set(this.folder, left);
      else writers.delete(this.folder);
      // What another thread still writes there keeps it.
      if (left === 0) await rmdir(this.folder).catch(() => undefined);
    };
  }

  /** Makes this process's folder and removes what processes that ended have left. */
  async open(): Promise<void> {
    await makeFolders(this.folder);
    const all = join(this.folder, "..");
    const here = machine();
    for (const name of await readdir(all)) {
      const [, owner, pid, began] = /^(.+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
      const folder = join(all, name);
      if (owner !== here) await removeAbandoned(folder, Date.now());
      else if (!lives(Number(pid), began ?? "0")) await rm(folder, { recursive: true, force: true });
    }
  }
}
