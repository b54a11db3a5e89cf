import { existsSync } from "node:fs";
import { join } from "node:path";

/** Files that lie beside the project and are not copied into it: schemas, recorded answers, data. */
const folder = process.env.SCANFLOW_SHARED ?? join(import.meta.dirname, "../../../shared");

/** Path of a shared file. */
export function shared(path: string): string {
  return join(folder, path);
}

/** Whether a shared file is there; CI passes nothing over, so there it fails where it is missing. */
export function hasShared(path: string): boolean {
  return existsSync(shared(path)) || process.env.CI === "true";
}
