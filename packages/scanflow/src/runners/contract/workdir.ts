import { rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { systemCode } from "../outcome.ts";
import type { AttemptSpec } from "../runner.ts";
import { makeFolder, makeFolders, type Places } from "./places.ts";

/** Makes the attempt's folder with its parameters, and the one that survives its attempts. */
export function openWorkdir({ workdir, params, checkpoint }: AttemptSpec, places: Places): void {
  makeFolders(workdir, places);
  writeFileSync(places.params, JSON.stringify(params));
  makeFolder(checkpoint);
}

/** Leaves no empty folder behind for the many tasks that keep nothing. */
export function closeCheckpoint({ checkpoint }: Pick<AttemptSpec, "checkpoint">): void {
  try {
    rmdirSync(checkpoint);
  } catch {
    // It holds something, so it stays.
  }
}

/** Removes the attempt's folder. The log lies elsewhere and stays. */
export async function removeWorkdir(workdir: string, places?: Places): Promise<void> {
  if (places && isPlain(places)) {
    // Most attempts leave these two files at most; a recursive removal costs several times as much.
    removeFile(places.params);
    removeFile(places.process);
    try {
      rmdirSync(workdir);
      return;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return;
    }
  }
  await rm(workdir, { recursive: true, force: true, maxRetries: 3 });
}

function isPlain({ inputs, outputs }: Places): boolean {
  return Object.keys(inputs).length === 0 && Object.keys(outputs).length === 0;
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") rmSync(path, { force: true, recursive: true });
  }
}
