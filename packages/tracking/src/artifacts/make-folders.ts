import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError } from "./system-error.ts";

async function makeOne(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (!isSystemError(error, "EEXIST")) throw error;
  });
}

/** Makes a folder and those above it. (Node's own `recursive` calls a read-only file system ENOENT.) */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (!isSystemError(error, "ENOENT") || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await makeOne(path);
  }
}
