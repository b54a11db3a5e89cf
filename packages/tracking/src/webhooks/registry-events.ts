import type { Context, KeyValue } from "../context.ts";
import { type Announcement, nextVersion, tagsData, type WebhookEntity } from "./event.ts";

/** Marks of a model that holds prompts, which clients set. */
const promptTag = "mlflow.prompt.is_prompt";
const promptTypeTag = "_mlflow_prompt_type";
const promptTextTag = "mlflow.prompt.text";

export function isPrompt(tags: readonly KeyValue[]): boolean {
  return tags.some(({ key, value }) => key === promptTag && value.toLowerCase() === "true");
}

/** Whether a model that is there holds prompts. */
export async function holdsPrompts({ store }: Context, name: string): Promise<boolean> {
  const tags = await store.read<KeyValue>(
    `SELECT t.key, t.value FROM tracking_model_tags t JOIN tracking_models m ON m.id = t.model
      WHERE m.name = ? AND t.key = '${promptTag}'`,
    [name],
  );
  return isPrompt(tags);
}

/** What is known of a model or version before it is made. */
interface Made {
  readonly name: string;
  readonly tags: readonly KeyValue[];
  readonly description?: string | undefined;
}

export function modelCreated({ name, tags, description }: Made): Announcement {
  const entity = isPrompt(tags) ? "prompt" : "registered_model";
  const told = isPrompt(tags) ? withoutMarks(tags) : tags;
  return {
    entity,
    action: "created",
    data: { name, tags: tagsData(told), description: description ?? null },
  };
}

export function versionCreated(
  made: Made & { readonly source: string; readonly runId?: string | undefined },
): Announcement {
  const { name, tags, description = null, source, runId: run_id = null } = made;
  const version = nextVersion;
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
  readonly data: Readonly<Record<string, string>> & { readonly name: string };
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
