import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isFile } from "../is-file.ts";

/** The MLproject file of a folder (absolute); like MLflow it takes any case of letters. */
export function mlprojectIn(folder: string): string | undefined {
  const names = namesIn(folder).filter(isMlproject).sort();
  // It may be a link, as other configs may.
  return names.map((name) => join(folder, name)).find(isFile);
}

/** Whether a path is that of an MLproject file. */
export function isMlproject(path: string): boolean {
  return basename(path).toLowerCase() === "mlproject";
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that cannot be looked into, such as one above the user's own, has no project for us.
    return [];
  }
}
