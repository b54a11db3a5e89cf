import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.support.ts";

/** Runs a system command and answers whether it is there and succeeded. */
function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

function must(command: string, ...args: string[]): void {
  if (!succeeds(command, ...args)) throw new Error(`${command} ${args.join(" ")} failed`);
}

/** Makes a named pipe. */
export function makePipe(path: string): void {
  must("mkfifo", path);
}

/** Mounts a file system for the time of a test; undefined where this user may not. */
function mounted(...options: string[]): string | undefined {
  const folder = join(temporaryFolder(), "mounted");
  mkdirSync(folder);
  if (!succeeds("mount", ...options, folder)) return undefined;
  onTestFinished(() => must("umount", folder));
  return folder;
}

/** A file system in memory that is full after `megabytes`. */
export function smallDisk(megabytes: number): string | undefined {
  return mounted("-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs");
}

export function makeReadOnly(folder: string): void {
  must("mount", "-o", "remount,ro", folder);
}

/** A btrfs, which can clone files; undefined where its tools are missing or this user may not mount it. */
export function cloningDisk(): string | undefined {
  const image = join(temporaryFolder(), "image");
  must("truncate", "-s", "128M", image);
  if (!succeeds("mkfs.btrfs", "--quiet", image)) return undefined;
  return mounted("-o", "loop", image);
}
