import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program is in a folder of PATH. */
export function isInstalled(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
