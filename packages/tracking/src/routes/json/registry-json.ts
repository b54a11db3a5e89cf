import type { Model, Version } from "../../registry/model.ts";
import { filled } from "./run-json.ts";

export function versionJson(version: Version) {
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.createdMs,
    last_updated_timestamp: version.updatedMs,
    user_id: version.userId,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId ?? "",
    run_link: version.runLink ?? "",
    model_id: version.modelId,
    status: version.status,
    status_message: version.statusMessage,
    tags: filled(version.tags),
    aliases: filled(version.aliases),
  };
}

export function modelJson(model: Model) {
  return {
    name: model.name,
    creation_timestamp: model.createdMs,
    last_updated_timestamp: model.updatedMs,
    description: model.description || undefined,
    latest_versions: filled(model.latestVersions.map(versionJson)),
    tags: filled(model.tags),
    aliases: filled(model.aliases.map(({ alias, version }) => ({ alias, version: String(version) }))),
  };
}
