import { existsSync, mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { writeWhole } from "../../write-whole.ts";
import type { AttemptSpec } from "../runner.ts";
import { systemCode } from "../system-code.ts";
import { makeFolders, type Places, scratchFiles } from "./places.ts";

/** Makes the files and folders that a command expects: its parameters, and where it writes. */
export function openWorkdir({ params }: AttemptSpec, places: Places): void {
  makeFolders(places);
  needFolder(dirname(places.result));
  const isShared = Object.keys(params).length === 0;
  if (isShared && existsSync(places.params)) return;
  needFolder(dirname(places.params));
  if (isShared) writeWhole(places.params, JSON.stringify(params));
  else writeFileSync(places.params, JSON.stringify(params));
}

/** Cheaper than a recursive `mkdir` where the folder stands, as it mostly does. */
function needFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { recursive: true });
}

/** Removes everything of an attempt but its log and its checkpoint. */
export async function removeWorkdir(workdir: string): Promise<void> {
  for (const path of Object.values(scratchFiles(workdir))) if (existsSync(path)) removeFile(path);
  if (existsSync(workdir)) await rm(workdir, { recursive: true, force: true, maxRetries: 3 });
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}
