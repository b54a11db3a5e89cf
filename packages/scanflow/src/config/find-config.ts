import { dirname, join, resolve } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { CONFIG_NAMES } from "./config-names.ts";
import { isFile } from "./is-file.ts";
import { mlprojectIn } from "./mlproject/find-mlproject.ts";

/**
 * The config of the application that a folder belongs to: `scanflow.config.ts`, `.js`, `.mjs`, `scanflow.yaml` or
 * `scanflow.yml`, in it or in the nearest folder above it that has one. A folder that has an MLproject file and none of
 * them is an application too. An absolute path.
 *
 * Throws `SCANFLOW_CONFIG_MISSING`; `SCANFLOW_CONFIG_AMBIGUOUS` when two of them lie beside each other;
 * `SCANFLOW_CONFIG_UNREADABLE` when this user may not look into the folder.
 */
export function findConfig(directory: string): string {
  const [config, other] = configsNear(directory);
  if (other === undefined) return config;
  throw new ScanflowError(
    "SCANFLOW_CONFIG_AMBIGUOUS",
    `Two configs lie beside each other, and an application has one: ${config} and ${other}. Remove or rename the one that is not meant.`,
    { place: { file: other, path: [] } },
  );
}

/**
 * The folder of the application that a folder belongs to (absolute), for what does not read the config.
 *
 * Throws `SCANFLOW_CONFIG_MISSING` and `SCANFLOW_CONFIG_UNREADABLE`.
 */
export function findRoot(directory: string): string {
  return dirname(configsNear(directory)[0]);
}

/** All configs of the nearest folder that has one. */
function configsNear(directory: string): readonly [string, ...string[]] {
  const start = resolve(directory);
  for (let folder = start; ; folder = dirname(folder)) {
    const [first, ...others] = configsIn(folder);
    if (first !== undefined) return [first, ...others];
    if (folder === dirname(folder)) break;
  }
  throw new ScanflowError(
    "SCANFLOW_CONFIG_MISSING",
    `There is no scanflow.config.ts, no scanflow.yaml and no MLproject in ${start} or a folder above it. Run "scanflow init" to make one, or go to the application's folder (scanflow -C FOLDER).`,
  );
}

function configsIn(folder: string): readonly string[] {
  try {
    const configs = CONFIG_NAMES.map((name) => join(folder, name)).filter(isFile);
    const project = configs.length === 0 ? mlprojectIn(folder) : undefined;
    return project === undefined ? configs : [project];
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ScanflowError(
      "SCANFLOW_CONFIG_UNREADABLE",
      `User ${process.getuid?.() ?? ""} cannot look for a config in ${folder} (${said}). Let others read the folder ("chmod -R go+rX FOLDER"): what runs in a container is another user than you, and sees the folder that is mounted there.`,
      { cause },
    );
  }
}
