import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { CONFIG_NAMES } from "./config-names.ts";

/**
 * The config of the application that a folder belongs to: the first of `scanflow.config.ts`, `.js`, `.mjs`,
 * `scanflow.yaml`, `scanflow.yml` in it or in the nearest folder above it. An absolute path.
 *
 * Throws `SCANFLOW_CONFIG_MISSING`.
 */
export function findConfig(directory: string): string {
  const start = resolve(directory);
  for (let folder = start; ; folder = dirname(folder)) {
    const found = CONFIG_NAMES.map((name) => join(folder, name)).find(isFile);
    if (found !== undefined) return found;
    if (folder === dirname(folder)) break;
  }
  throw new ScanflowError(
    "SCANFLOW_CONFIG_MISSING",
    `There is no scanflow.config.ts and no scanflow.yaml in ${start} or a folder above it. Run "scanflow init" to make one, or go to the application's folder (scanflow -C FOLDER).`,
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
