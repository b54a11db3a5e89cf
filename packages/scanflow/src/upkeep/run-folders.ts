import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** What lay in folders that were removed, or would be. */
export interface Removed {
  readonly folders: number;
  readonly bytes: number;
}

export interface RemoveFolders {
  readonly names: (name: string) => boolean;
  readonly dryRun: boolean;
}

/** Removes the folders below `parent` whose names are wanted. One that is not there is none. */
export async function removeFolders(parent: string, { names, dryRun }: RemoveFolders): Promise<Removed> {
  let folders = 0;
  let bytes = 0;
  for (const name of await entriesOf(parent)) {
    if (!names(name)) continue;
    const path = join(parent, name);
    folders += 1;
    bytes += await bytesOf(path);
    if (!dryRun) await rm(path, { recursive: true, force: true });
  }
  return { folders, bytes };
}

/** Bytes of a file, or of all files in a folder. */
async function bytesOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return stats?.size ?? 0;
  let bytes = 0;
  for (const name of await entriesOf(path)) bytes += await bytesOf(join(path, name));
  return bytes;
}

async function entriesOf(path: string): Promise<string[]> {
  return readdir(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
}

export function together(...all: readonly Removed[]): Removed {
  return {
    folders: all.reduce((sum, { folders }) => sum + folders, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
