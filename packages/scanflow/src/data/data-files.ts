import { glob, stat } from "node:fs/promises";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";

/**
 * The files that a path names: itself, or those that fit it as a glob, by name.
 *
 * @throws ScanflowError SCANFLOW_DATA_FILE when there is none, one is a folder, or all are empty
 */
export async function dataFiles(path: string): Promise<string[]> {
  const own = await stat(path).catch(() => null);
  if (own === null && /[*?[{]/.test(path)) return globbed(path);
  if (own === null)
    throw refused(path, "is not there", "Correct the path; a glob such as 'data/*.csv' may be given");
  if (own.isDirectory()) {
    throw refused(path, "is a folder", `Name the files in it, such as '${join(path, "*.csv")}'`);
  }
  if (own.size === 0) throw refused(path, "is empty", "See what should have filled it");
  return [path];
}

async function globbed(path: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(path)) {
    const found = await stat(file);
    if (found.isFile() && found.size > 0) files.push(file);
  }
  if (files.length === 0) throw refused(path, "fits no file that holds anything", "Correct the pattern");
  return files.sort();
}

function refused(path: string, problem: string, action: string): ScanflowError {
  return new ScanflowError("SCANFLOW_DATA_FILE", `"${path}" ${problem}. ${action}.`);
}
