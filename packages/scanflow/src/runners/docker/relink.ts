import { lstatSync, readdirSync, readlinkSync, realpathSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { containerSite } from "../contract/places.ts";

const inside = `${containerSite.folder}/`;

/**
 * Links that were made in a container name paths as they are there. Those among its outputs that lead to its own files
 * are made to lead to the same files here; of the others it is judged when the outputs are published.
 */
export function relink(workdir: string, outputs: readonly string[]): void {
  const whole = realpathSync(workdir);
  for (const path of outputs) {
    if (isIn(whole, dirname(path))) relinkAt(workdir, path);
  }
}

/** Whether a folder lies in another, once the links above it are followed. */
function isIn(whole: string, folder: string): boolean {
  try {
    return `${realpathSync(folder)}/`.startsWith(`${whole}/`);
  } catch {
    return false;
  }
}

function relinkAt(workdir: string, path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) for (const name of readdirSync(path)) relinkAt(workdir, join(path, name));
  if (!found?.isSymbolicLink()) return;
  const target = readlinkSync(path);
  if (!target.startsWith(inside)) return;
  unlinkSync(path);
  symlinkSync(join(workdir, target.slice(inside.length)), path);
}
