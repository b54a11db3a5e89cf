import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

function mount(...args: string[]): boolean {
  return spawnSync("mount", args, { stdio: "ignore" }).status === 0;
}

/** Mounts a file system for the time of a test; undefined where this user may not. */
function mounted(...options: string[]): string | undefined {
  const folder = join(temporaryFolder(), "mounted");
  mkdirSync(folder);
  if (!mount(...options, folder)) return undefined;
  onTestFinished(() => {
    execFileSync("umount", [folder]);
  });
  return folder;
}

/** A file system in memory that is full after `megabytes`. */
export function smallDisk(megabytes: number): string | undefined {
  return mounted("-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs");
}

export function makeReadOnly(folder: string): void {
  if (!mount("-o", "remount,ro", folder)) throw new Error(`${folder} could not be made read-only`);
}

/** A btrfs, which can clone files; undefined where its tools are missing or this user may not mount it. */
export function cloningDisk(): string | undefined {
  const image = join(temporaryFolder(), "image");
  execFileSync("truncate", ["-s", "128M", image]);
  if (spawnSync("mkfs.btrfs", ["--quiet", image], { stdio: "ignore" }).status !== 0) return undefined;
  return mounted("-o", "loop", image);
}
