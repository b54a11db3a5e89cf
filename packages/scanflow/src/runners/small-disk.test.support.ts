import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./bench.test.support.ts";

function succeeds(tool: string, ...args: string[]): boolean {
  return spawnSync(tool, args, { stdio: "ignore" }).status === 0;
}

/** Mounts a file system of this size; undefined where that is not allowed. */
export async function smallDisk(kibibytes: number): Promise<string | undefined> {
  const folder = join(await temporaryFolder(), "disk");
  mkdirSync(folder);
  if (!succeeds("mount", "-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", folder)) return undefined;
  onTestFinished(() => void succeeds("umount", folder));
  return folder;
}
