import type { KeyValue } from "../context.ts";
import type { Model, Version } from "../registry/model.ts";
import { type Announcement, tagsData, type WebhookEntity } from "./event.ts";

/** Marks of a model that holds prompts, which clients set. */
const promptTag = "mlflow.prompt.is_prompt";
const promptTypeTag = "_mlflow_prompt_type";
const promptTextTag = "mlflow.prompt.text";

export function isPrompt(tags: readonly KeyValue[]): boolean {
  return tags.some(({ key, value }) => key === promptTag && value.toLowerCase() === "true");
}

export function modelCreated({ name, tags, description }: Model): Announcement {
  const entity = isPrompt(tags) ? "prompt" : "registered_model";
  const told = isPrompt(tags) ? withoutMarks(tags) : tags;
  return {
    entity,
    action: "created",
    data: { name, tags: tagsData(told), description: description ?? null },
  };
}

export function versionCreated(made: Version): Announcement {
  const { name, tags, description = null, source, runId: run_id = null } = made;
  const version = String(made.version);
  if (!isPrompt(tags)) {
    const data = { name, version, source, run_id, tags: tagsData(tags), description };
    return { entity: "model_version", action: "created", data };
  }
  const template = tags.find(({ key }) => key === promptTextTag)?.value ?? null;
  const told = withoutMarks(tags).filter(({ key }) => key !== promptTextTag);
  const data = { name, version, template, tags: tagsData(told), description };
  return { entity: "prompt_version", action: "created", data };
}

/** What is done to a tag or alias of a model or version. */
export interface LabelChange {
  readonly of: "tag" | "version_tag" | "alias";
  readonly action: "created" | "set" | "deleted";
  readonly data: Readonly<Record<string, string>>;
}

/** Tags of models are told for prompts only, as MLflow's server does; undefined where nothing is told. */
export function labelChanged(prompt: boolean, { of, action, data }: LabelChange): Announcement | undefined {
  const entities: Record<LabelChange["of"], WebhookEntity | undefined> = prompt
    ? { tag: "prompt_tag", version_tag: "prompt_version_tag", alias: "prompt_alias" }
    : { tag: undefined, version_tag: "model_version_tag", alias: "model_version_alias" };
  const entity = entities[of];
  return entity && { entity, action, data };
}

function withoutMarks(tags: readonly KeyValue[]): KeyValue[] {
  return tags.filter(({ key }) => key !== promptTag && key !== promptTypeTag);
}
