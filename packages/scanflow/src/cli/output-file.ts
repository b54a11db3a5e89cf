import { access, constants, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { codedUsageError } from "./usage-error.ts";

/** Looks, before long work, whether a file can be written where an option says. Errors: SCANFLOW_USAGE. */
export function checkFolderOf(file: string, option = "--out"): Promise<void> {
  return explainUnwritable(
    file,
    async () => {
      const folder = dirname(file);
      await access(folder, constants.W_OK);
      await readdir(folder);
    },
    option,
  );
}

/** Writes to a file that an option named; what stands in the way is told as such. Errors: SCANFLOW_USAGE. */
export async function explainUnwritable(
  file: string,
  write: () => Promise<void>,
  option = "--out",
): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    throw codedUsageError(
      `"${file}" cannot be written: ${reason(dirname(file))}. Name another with ${option}.`,
    );
  }
}

/**
 * Writes a file that an option named whole or not at all: beside it first, then in its place. What is no plain file,
 * such as /dev/stdout, is written to as it is. Errors: SCANFLOW_USAGE.
 */
export function writeWhole(file: string, text: string, option = "--out"): Promise<void> {
  return explainUnwritable(
    file,
    async () => {
      const known = await stat(file).catch(() => null);
      if (known !== null && !known.isFile()) return writeFile(file, text);
      const target = known === null ? file : await realpath(file);
      const draft = `${target}.${process.pid}.part`;
      try {
        await writeFile(draft, text);
        await rename(draft, target);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    option,
  );
}

const REASONS: Readonly<Record<string, (folder: string) => string>> = {
  ENOENT: (folder) => `the folder "${folder}" does not exist`,
  ENOTDIR: (folder) => `"${folder}" is no folder`,
  EISDIR: () => "it is a folder",
  EACCES: () => "it is not permitted",
  ENOSPC: () => "no space is left there",
  EROFS: () => "its file system is read-only",
};
