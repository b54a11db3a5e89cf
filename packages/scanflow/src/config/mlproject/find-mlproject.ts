import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

/** The MLproject file of a folder (absolute); like MLflow it takes any case of letters. */
export function mlprojectIn(folder: string): string | undefined {
  const names = entriesOf(folder).filter((entry) => entry.isFile() && isMlproject(entry.name));
  const [name] = names.map((entry) => entry.name).sort();
  return name === undefined ? undefined : join(folder, name);
}

/** Whether a path is that of an MLproject file. */
export function isMlproject(path: string): boolean {
  return basename(path).toLowerCase() === "mlproject";
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
