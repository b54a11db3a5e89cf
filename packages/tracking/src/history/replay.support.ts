import type { Change } from "./history.ts";

interface ReplayedVersion {
  source: string;
  runId: string | undefined;
  stage: string;
  description: string;
  tags: Record<string, string>;
}

export interface ReplayedModel {
  name: string;
  description: string;
  tags: Record<string, string>;
  aliases: Record<string, number>;
  versions: Record<number, ReplayedVersion>;
}

/** What the changes of one name leave, oldest first: undefined when the model is gone. */
export function replay(changes: readonly Change[]): ReplayedModel | undefined {
  let model: ReplayedModel | undefined;
  const newest = (): ReplayedModel => {
    model ??= { name: "", description: "", tags: {}, aliases: {}, versions: {} };
    return model;
  };
  for (const { field, key = "", version, after } of changes) {
    if (field === "model") {
      if (after === undefined) model = undefined;
      else newest().name = after;
    } else if (field === "name") newest().name = after ?? "";
    else if (field === "alias") set(newest().aliases, key, after === undefined ? undefined : Number(after));
    else if (version === undefined) {
      if (field === "description") newest().description = after ?? "";
      else set(newest().tags, key, after);
    } else if (field === "purged" || (field === "version" && after === undefined)) {
      delete newest().versions[version];
    } else {
      const made = versionOf(newest(), version);
      if (field === "version") made.source = after ?? "";
      else if (field === "run_id") made.runId = after;
      else if (field === "tag") set(made.tags, key, after);
      else if (field === "stage") made.stage = after ?? "";
      else if (field === "description") made.description = after ?? "";
    }
  }
  return model;
}

function versionOf({ versions }: ReplayedModel, version: number): ReplayedVersion {
  versions[version] ??= { source: "", runId: undefined, stage: "None", description: "", tags: {} };
  return versions[version];
}

function set<T>(record: Record<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) delete record[key];
  else record[key] = value;
}
