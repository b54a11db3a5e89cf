import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { markerVariable } from "../process/marker.ts";

/**
 * Variables that belong to the owner's own start, not to the machine: a task must not act on them. Nor on CDPATH, which
 * is for whoever types: with it `cd training` may lead into another folder of that name.
 */
const ownVariables =
  /^(npm_(lifecycle|package|command|execpath|node_execpath|config_user_agent)|NODE_(CHANNEL|UNIQUE)_|SCANFLOW_(INPUT|OUTPUT|PARAM|VALUE)_|SCANFLOW_(PARAMS|RESULT|HEARTBEAT)_FILE$|SCANFLOW_(ITEM|CHECKPOINT|RUN|TASK|ATTEMPT|SERVER|SERVER_TOKEN|TRACKER_TOKEN|STATE_DIR)$|(MLFLOW_RUN_ID|CDPATH)$)/;

/** The flag by which the owner itself may have been started from sources. */
const sourceCondition = /(^|\s)(--conditions|-C)[= ]source(?=\s|$)/g;

/**
 * The owner's environment as its tasks inherit it: without what npm or an outer attempt put there,
 * and without the flag that makes Node read packages from their sources.
 */
export function inheritedEnvironment(owner: NodeJS.ProcessEnv): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(owner)) {
    if (value === undefined || name === markerVariable || ownVariables.test(name)) continue;
    if (name !== "NODE_OPTIONS") inherited[name] = value;
    else {
      const options = value.replace(sourceCondition, "").trim();
      if (options !== "") inherited[name] = options;
    }
  }
  return inherited;
}

/**
 * Secrets, read at the last moment: from the owner's environment, and what is not there from the files of the folder
 * that SCANFLOW_SECRETS names, as containers get them. Throws `SCANFLOW_SECRET_MISSING`.
 */
export function readSecrets(
  owner: NodeJS.ProcessEnv,
  names: readonly string[],
  task: string,
): Record<string, string> {
  const { SCANFLOW_SECRETS: folder } = owner;
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const value = owner[name] || (folder ? secretFile(join(folder, name)) : undefined);
    if (value === undefined || value === "") {
      const where = folder ? ` and in no file of ${folder}` : "";
      throw new ScanflowError(
        "SCANFLOW_SECRET_MISSING",
        `Task "${task}" needs the secret ${name}, which is not in the environment of the process that runs Scanflow${where}. Set ${name} there and retry the run.`,
      );
    }
    secrets[name] = value;
  }
  return secrets;
}

/** What an editor or `echo` put behind it is no part of it. */
function secretFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}
